import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeHistory } from '../src/repository-report/testing/large-history.js';
import { ThrowAwayDirectory } from '../src/repository-report/testing/throw-away-repository.js';
import { brokenLog, KillCampaign, PARTS, type Moment } from './support/kill-campaign.js';
import { Random } from './support/random.js';
import { fillSmallRepository } from './support/small-repository.js';
import { StartJournal } from './support/start-journal.js';
import { readState } from './support/state.js';
import { readReport, reportByHand, useWorkplace } from './support/workplace.js';

/** `TASKLOOM_KILLS=300 TASKLOOM_KILL_SEED=7 TASKLOOM_KILL_RESULT=result.json` makes a campaign of it. */
const KILLS = Number(process.env['TASKLOOM_KILLS'] ?? 8);
const SEED = Number(process.env['TASKLOOM_KILL_SEED'] ?? Date.now() % 1_000_000);

jest.setTimeout(60_000 + KILLS * 30_000);

/** One job's. No task dies more than a few times, so that none is taken for one that kills its process. */
const ROUND: readonly Moment[] = ['early', 'recovery', 'fan-out', 'boot', 'fan-out', 'late', 'late'];

describe('a server that is killed in the middle', () => {
  const place = useWorkplace();

  it(`continues its job when it is started again and repeats no finished task (${KILLS} times, seed ${SEED})`, async () => {
    const root = place.path('large repository');
    largeHistory(new ThrowAwayDirectory(place.path()), root, { files: 2_000, commits: 1_500 });
    const campaign = new KillCampaign(place, root, new Random(SEED));
    const begun = performance.now();
    const missing = (): Moment[] => PARTS.filter((part) => campaign.hits[part] === 0);
    let rounds = 0;
    while ((campaign.hitCount < KILLS || missing().length > 0) && rounds < KILLS) {
      rounds += 1;
      const needed = KILLS - campaign.hitCount;
      const ending = await campaign.round(needed > 0 ? ROUND.slice(0, Math.max(2, needed)) : missing());
      expect(ending).toMatchObject({ code: 0, errors: '' });
      // The report is complete, and what it would have been without any of this.
      const report = readReport(place.outDir);
      expect(report).toEqual(await reportByHand(report, place.outDir));
      expect(readdirSync(place.outDir).sort()).toEqual(['report.html', 'report.json', 'report.md']);
      const jobs = readState(place.cwd);
      expect(jobs.filter(({ status }) => status !== 'COMPLETED')).toEqual([]);
      expect(jobs.flatMap(brokenLog)).toEqual([]);
      expect(campaign.problems).toEqual([]);
    }
    const repeated = campaign.repeated();
    const result = {
      commit: commitUnderTest(),
      seed: SEED,
      kills: campaign.hitCount,
      ...campaign.hits,
      recoveries: campaign.recoveries,
      rounds,
      lives: campaign.lives,
      starts: campaign.startCount,
      repeated: repeated.length,
      durationMs: Math.round(performance.now() - begun),
    };
    process.stdout.write(`kill campaign ${JSON.stringify(result)}\n`);
    if (process.env['TASKLOOM_KILL_RESULT'] !== undefined)
      writeFileSync(process.env['TASKLOOM_KILL_RESULT'], `${JSON.stringify(result, null, 2)}\n`);

    expect(repeated).toEqual([]);
    expect(campaign.forgotten()).toEqual([]);
    // It proves nothing unless servers were killed as planned, in every part of the job.
    expect(campaign.hitCount).toBeGreaterThanOrEqual(KILLS);
    expect(missing()).toEqual([]);
    expect(campaign.recoveries).toBeGreaterThan(0);
  });

  it('continues jobs of other inputs too, but does not wait for them with --once', async () => {
    const slow = fillSmallRepository(place.repository('slow'));
    const quick = fillSmallRepository(place.repository('quick'));
    const git = place.holdGit(slow.root, 'diff-tree');
    const journal = new StartJournal(place.path('starts'));
    const reportOn = (root: string, name: string): string[] => [root, '--once', '--out', place.path(name), '--journal', journal.path];

    const killed = place.start(reportOn(slow.root, 'slow out'), { env: git.env });
    await git.reached();
    await killed.says(/^completed Inventory:/m);
    killed.kill('SIGKILL');
    await killed.ended;
    const [left] = readState(place.cwd);
    const completed = left?.tasks.filter(({ status }) => status === 'COMPLETED').map(({ key }) => key) ?? [];
    expect(left?.status).toBe('RUNNING');
    expect(completed).toContain('inventory');
    const startsBefore = journal.starts().length;

    const other = await place.run(reportOn(quick.root, 'quick out'), { env: git.env });
    expect(other).toMatchObject({ code: 0, errors: '' });
    expect(other.output).toContain(`Also continuing the unfinished job ${left?.id}.`);
    await git.reached(2);
    expect(readState(place.cwd).map(({ status }) => status)).toEqual(['RUNNING', 'COMPLETED']);

    git.open();
    const continued = await place.run(reportOn(slow.root, 'slow out'), { env: git.env });
    expect(continued).toMatchObject({ code: 0, errors: '' });
    expect(continued.output).toContain(`Continuing the unfinished job ${left?.id}: `);
    expect(readState(place.cwd).map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
    const again = journal
      .starts()
      .slice(startsBefore)
      .filter(({ jobId }) => jobId === left?.id);
    expect(again.map(({ key }) => key).filter((key) => completed.includes(key))).toEqual([]);
    const report = readReport(place.path('slow out'));
    expect(report).toEqual(await reportByHand(report, place.path('slow out')));
  });
});

/** `null` where this is no clone. */
function commitUnderTest(): string | null {
  try {
    return new ThrowAwayDirectory(dirname(fileURLToPath(import.meta.url))).git(['rev-parse', 'HEAD']).trim();
  } catch {
    return null;
  }
}
