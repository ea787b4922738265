import { Module } from '@nestjs/common';
import { AnalyseFiles } from './agents/analyse-files.agent.js';
import { CountTouches } from './agents/count-touches.agent.js';
import { FindRisks } from './agents/find-risks.agent.js';
import { IdentifyRepository } from './agents/identify-repository.agent.js';
import { ListFiles } from './agents/list-files.agent.js';
import { LookDeeper } from './agents/look-deeper.agent.js';
import { RankHotspots } from './agents/rank-hotspots.agent.js';
import { ReadHistory } from './agents/read-history.agent.js';
import { StartJournal } from './agents/start-journal.js';
import { TakeInventory } from './agents/take-inventory.agent.js';
import { TellHistory } from './agents/tell-history.agent.js';
import { WriteReport } from './agents/write-report.agent.js';
import { RepositoryReport } from './repository-report.workflow.js';

/** Agents and workflows are ordinary providers: listed here, found by themselves. */
@Module({
  providers: [
    RepositoryReport,
    AnalyseFiles,
    CountTouches,
    FindRisks,
    IdentifyRepository,
    ListFiles,
    LookDeeper,
    RankHotspots,
    ReadHistory,
    TakeInventory,
    TellHistory,
    WriteReport,
    StartJournal,
  ],
  exports: [StartJournal],
})
export class RepositoryReportModule {}
