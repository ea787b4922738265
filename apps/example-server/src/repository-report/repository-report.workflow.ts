import { basename } from 'node:path';
import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';
import { CountTouches } from './agents/count-touches.agent.js';
import { FindRisks } from './agents/find-risks.agent.js';
import { IdentifyRepository } from './agents/identify-repository.agent.js';
import { ListFiles } from './agents/list-files.agent.js';
import { RankHotspots } from './agents/rank-hotspots.agent.js';
import { ReadHistory } from './agents/read-history.agent.js';
import { TakeInventory } from './agents/take-inventory.agent.js';
import { TellHistory } from './agents/tell-history.agent.js';
import { WriteReport } from './agents/write-report.agent.js';
import { BATCH_MAX_FILES } from './files/analyse-batch.js';
import { analyseFiles } from '../generated/taskloom.generated.js';
import { ReportInput, ReportResult } from './report.js';

/**
 * What is in this codebase, who knows it, where does it hurt? Inventory and History run side by side; Risks needs both,
 * but does without a history that is not there; Report writes down what the three came to.
 */
@Workflow({
  name: 'repository-report',
  description: 'What is in this codebase, who knows it, where does it hurt?',
  input: ReportInput,
  output: ReportResult,
})
export class RepositoryReport {
  plan(flow: Flow, { root, outDir, since: from }: ReportInput) {
    const since = from ?? null;
    flow.objective(`Report on ${basename(root)}`, 'What is in this codebase, who knows it, where does it hurt?');

    const inventory = flow.story('Inventory').describedAs('What is there');
    const identity = inventory.add(IdentifyRepository, { root, outDir }).named('identify').describedAs('Identify the repository').out;
    const files = inventory.add(ListFiles, { root: identity.root, outDir }).named('list-files').describedAs('List the files').out;
    const batches = inventory
      .map(files.paths, { batch: BATCH_MAX_FILES }, (paths) => analyseFiles({ root: identity.root, paths }).describedAs('Analyse files'))
      .named('analyse').out;
    inventory.concludeWith(TakeInventory, { batches, closed: files.closed });

    const history = flow.story('History').describedAs('Who did what');
    const commits = history.add(ReadHistory, { identity, since }).named('commits').describedAs('Read the commits').out;
    const touches = history.add(CountTouches, { identity, since }).named('touches').describedAs('Count changes of each file').out.touches;
    history.concludeWith(TellHistory, { history: commits });

    const risks = flow.story('Risks').describedAs('Where it hurts').after(inventory).after(history, 'settled');
    const hotspots = risks
      .add(RankHotspots, { batches, touches: touches.or([]) })
      .named('hotspots')
      .describedAs('Rank the hotspots').out.hotspots;
    const found = risks.concludeWith(FindRisks, {
      batches,
      closed: files.closed,
      history: commits,
      touches: touches.or([]),
      hotspots,
      shallow: identity.shallow,
    }).risks;

    const report = flow.story('Report').describedAs('All of it on paper');
    return report
      .add(WriteReport, { outDir, since, identity, closed: files.closed, batches, history: commits, hotspots, risks: found })
      .named('write')
      .describedAs('Write the report')
      .after(inventory)
      .after(history, 'settled')
      .after(risks).out;
  }
}
