import { isTerminalTask } from '@taskloom/core';
import type { Random } from './random.js';
import { readState, type StoredJob } from './state.js';
import { StartJournal, type Start } from './start-journal.js';
import type { Ending, Server } from './server.js';
import type { Workplace } from './workplace.js';

/** What part of its job a server was killed in, by the journal. */
export const PARTS = ['early', 'fan-out', 'late'] as const;
export type Part = (typeof PARTS)[number];
/** When to kill: in a part of the job, as soon as a continued job runs again, or while the server boots. */
export type Moment = Part | 'recovery' | 'boot';

/** What the database held when a server was about to be started, and how many starts had been noted by then. */
interface Snapshot {
  readonly starts: number;
  /** `<job id> <task key>` of what had been completed. */
  readonly completed: ReadonlySet<string>;
}

/** How long the process lives on after the moment was reached, at most: chance, not a wait for anything. */
const MOST_DELAY_MS: Readonly<Record<Moment, number>> = { early: 40, recovery: 10, 'fan-out': 60, boot: 0, late: 8 };

const isFanOut = (key: string): boolean => key.startsWith('analyse.');
const isLate = (key: string): boolean => ['hotspots', 'risks', 'write'].includes(key);

/**
 * Starts one server after the other with the same command and kills it in the middle, until one comes to its end. Nothing of the engine
 * takes part in the verdict: only the database file and the journal of starts, read while no server is alive.
 */
export class KillCampaign {
  /** Kills that met an unfinished job. */
  readonly hits: Record<Part, number> = { early: 0, 'fan-out': 0, late: 0 };
  /** Those of them that met a server which had just begun to continue a job. */
  recoveries = 0;
  readonly problems: string[] = [];
  lives = 0;
  private readonly journal: StartJournal;
  private readonly snapshots: Snapshot[] = [];
  private bootMs = 1_000;

  constructor(
    private readonly place: Workplace,
    private readonly root: string,
    private readonly random: Random,
  ) {
    this.journal = new StartJournal(place.path('starts'));
  }

  get hitCount(): number {
    return PARTS.reduce((sum, part) => sum + this.hits[part], 0);
  }

  get startCount(): number {
    return this.journal.starts().length;
  }

  /** Kills one job's servers at the given moments, then lets it come to its end. Returns how the last server ended. */
  async round(moments: readonly Moment[]): Promise<Ending> {
    const left = [...moments];
    for (;;) {
      const ending = await this.live(left.shift() ?? null);
      if (ending.signal === null) return ending;
    }
  }

  /** Starts of tasks that had been completed before their server was even started: there must be none. */
  repeated(): Start[] {
    let upTo = 0;
    return this.journal.starts().filter(({ jobId, key }, index) => {
      while ((this.snapshots[upTo]?.starts ?? Number.POSITIVE_INFINITY) <= index) upTo += 1;
      return this.snapshots[upTo - 1]?.completed.has(`${jobId} ${key}`) === true;
    });
  }

  /** Tasks that were started as if for the first time more than once: what is started is durable before it runs. */
  forgotten(): Start[] {
    const seen = new Set<string>();
    return this.journal.starts().filter(({ jobId, key, reason }) => {
      const task = `${jobId} ${key}`;
      if (reason !== 'FIRST' || !seen.has(task)) {
        seen.add(task);
        return false;
      }
      return true;
    });
  }

  private async live(moment: Moment | null): Promise<Ending> {
    const before = readState(this.place.cwd);
    const unfinished = before.find(({ status }) => status === 'RUNNING') ?? null;
    const starts = this.journal.starts().length;
    this.snapshots.push({ starts, completed: completedIn(before) });
    this.lives += 1;
    const begun = performance.now();
    const server = this.place.start([this.root, '--once', '--out', this.place.outDir, '--journal', this.journal.path]);
    if (moment !== null && (await this.comes(moment, starts, server))) {
      if (moment !== 'boot') this.bootMs = performance.now() - begun;
      await delay(this.random.between(0, MOST_DELAY_MS[moment]));
      server.kill('SIGKILL');
    }
    const ending = await server.ended;
    this.checkScreen(ending, unfinished);
    this.checkJobs(before, unfinished);
    if (ending.signal === 'SIGKILL') this.count(moment);
    return ending;
  }

  /** An unfinished job is continued and none made beside it; where there is none, one is made at most. */
  private checkJobs(before: readonly StoredJob[], unfinished: StoredJob | null): void {
    const made = readState(this.place.cwd).length - before.length;
    if (made > (unfinished === null ? 1 : 0))
      this.problems.push(`${made} jobs were made although ${unfinished?.id ?? 'none'} was unfinished`);
  }

  private count(moment: Moment | null): void {
    const job = readState(this.place.cwd).at(-1);
    if (job?.status !== 'RUNNING') return;
    const keys = this.journal
      .starts()
      .filter(({ jobId }) => jobId === job.id)
      .map(({ key }) => key);
    this.hits[keys.some(isLate) ? 'late' : keys.some(isFanOut) ? 'fan-out' : 'early'] += 1;
    if (moment === 'recovery' || moment === 'boot') this.recoveries += 1;
  }

  /** Resolves when the moment has come, with `false` when the server ended before. */
  private async comes(moment: Moment, from: number, server: Server): Promise<boolean> {
    if (moment === 'boot') {
      await delay(this.random.between(Math.floor(this.bootMs / 2), Math.ceil(this.bootMs * 1.1)));
      return server.isRunning;
    }
    const ended = new AbortController();
    void server.ended.then(() => ended.abort());
    return this.journal.reaches(from, this.sign(moment), ended.signal).then(
      () => true,
      (error: unknown) => {
        if (ended.signal.aborted) return false;
        throw error;
      },
    );
  }

  /** What the starts noted in this life look like when the moment has come, or has been missed. */
  private sign(moment: Exclude<Moment, 'boot'>): (starts: readonly Start[]) => boolean {
    switch (moment) {
      case 'early': {
        const wanted = this.random.oneOf(['identify', 'list-files', 'commits', 'touches']);
        return (starts) => starts.some(({ key }) => key === wanted || isFanOut(key));
      }
      case 'recovery':
        return (starts) => starts.length > 0;
      case 'fan-out': {
        const count = this.random.between(1, 6);
        return (starts) => starts.filter(({ key }) => isFanOut(key)).length >= count || starts.some(({ key }) => isLate(key));
      }
      case 'late': {
        const wanted = this.random.oneOf(['hotspots', 'hotspots', 'risks', 'write']);
        return (starts) => starts.some(({ key }) => key === wanted || key === 'write');
      }
    }
  }

  /** Whoever saw the screen knows whether the job is a new one and how much of it was kept. */
  private checkScreen({ output }: Ending, unfinished: StoredJob | null): void {
    const said = /^(Continuing the unfinished job|Job) (\S+?)(?:: (\d+) finished tasks? .*)?$/m.exec(output);
    if (said === null) return;
    const [line, kind, jobId, kept] = said;
    const finished = unfinished?.tasks.filter(({ status }) => isTerminalTask(status)).length ?? null;
    const isRight = unfinished === null ? kind === 'Job' : jobId === unfinished.id && Number(kept) === finished;
    if (!isRight)
      this.problems.push(
        `With ${unfinished === null ? 'no unfinished job' : `${finished} finished tasks in ${unfinished.id}`} it said: ${line}`,
      );
  }
}

/** What is wrong with a job's log: numbers that leave a gap, or a task that was completed twice. */
export function brokenLog({ id, events, lastSeq }: StoredJob): string[] {
  const gaps = events.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `${id}: event ${seq} comes after a gap`);
  const ends = events.filter(({ type }) => type === 'TASK_COMPLETED').map(({ task }) => task);
  const doubled = ends.filter((task, index) => ends.indexOf(task) !== index).map((task) => `${id}: ${task} was completed twice`);
  return [...gaps, ...doubled, ...(events.length === lastSeq ? [] : [`${id}: ${events.length} events, the last is ${lastSeq}`])];
}

function completedIn(jobs: readonly StoredJob[]): Set<string> {
  return new Set(jobs.flatMap(({ id, tasks }) => tasks.filter(({ status }) => status === 'COMPLETED').map(({ key }) => `${id} ${key}`)));
}

async function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
