import { isTerminalTask } from '@taskloom/core';
import type { Random } from './random.js';
import { readState, type StoredJob } from './state.js';
import { StartJournal, type Start } from './start-journal.js';
import type { Ending, Server } from './server.js';
import type { Workplace } from './workplace.js';

/** When a server is killed: in what part of its job. */
export const PHASES = ['early', 'recovery', 'fan-out', 'boot', 'late'] as const;
export type Phase = (typeof PHASES)[number];

/** What the database held when a server was about to be started, and how many starts had been noted by then. */
interface Snapshot {
  readonly starts: number;
  /** `<job id> <task key>` of what had been completed. */
  readonly completed: ReadonlySet<string>;
}

interface Life {
  readonly ending: Ending;
  /** The process was killed while its job was unfinished. */
  readonly wasHit: boolean;
  readonly phase: Phase | null;
}

/** How long the process lives on after the moment was reached, at most: chance, not a wait for anything. */
const MOST_DELAY_MS: Readonly<Record<Phase, number>> = { early: 40, recovery: 10, 'fan-out': 60, boot: 0, late: 8 };
const EARLY = ['identify', 'list-files', 'commits', 'touches'];
const LATE = ['hotspots', 'risks', 'write'];

/**
 * Starts one server after the other with the same command and kills it in the middle, until one comes to its end. Nothing of the engine
 * takes part in the verdict: only the database file and the journal of starts, read while no server is alive.
 */
export class KillCampaign {
  readonly hits: Record<Phase, number> = { early: 0, recovery: 0, 'fan-out': 0, boot: 0, late: 0 };
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
    return PHASES.reduce((sum, phase) => sum + this.hits[phase], 0);
  }

  get startCount(): number {
    return this.journal.starts().length;
  }

  /** Kills one job's servers at the given moments, then lets it come to its end. Returns how the last server ended. */
  async round(phases: readonly Phase[]): Promise<Ending> {
    const left = [...phases];
    for (;;) {
      const life = await this.live(left.shift() ?? null);
      if (life.wasHit && life.phase !== null) this.hits[life.phase] += 1;
      if (life.ending.signal === null) return life.ending;
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

  private async live(phase: Phase | null): Promise<Life> {
    const before = readState(this.place.cwd);
    const unfinished = before.find(({ status }) => status === 'RUNNING') ?? null;
    const starts = this.journal.starts().length;
    this.snapshots.push({ starts, completed: completedIn(before) });
    this.lives += 1;
    const begun = performance.now();
    const server = this.place.start([this.root, '--once', '--out', this.place.outDir, '--journal', this.journal.path]);
    const reached = phase === null ? null : await this.moment(phase, starts, server);
    if (phase !== 'boot' && reached === true) this.bootMs = performance.now() - begun;
    if (reached === true && phase !== null) {
      await delay(this.random.between(0, MOST_DELAY_MS[phase]));
      server.kill('SIGKILL');
    }
    const ending = await server.ended;
    this.checkScreen(ending, unfinished);
    const jobs = readState(this.place.cwd);
    return { ending, phase, wasHit: ending.signal === 'SIGKILL' && jobs.at(-1)?.status === 'RUNNING' };
  }

  /** Resolves when it has come, with `false` when the server ended before. */
  private async moment(phase: Phase, from: number, server: Server): Promise<boolean> {
    if (phase === 'boot') return delay(this.random.between(Math.floor(this.bootMs / 2), Math.ceil(this.bootMs * 1.1))).then(() => server.isRunning);
    const ended = new AbortController();
    void server.ended.then(() => ended.abort());
    const enough = this.sign(phase);
    return this.journal.reaches(from, enough, ended.signal).then(
      () => true,
      (error: unknown) => {
        if (ended.signal.aborted) return false;
        throw error;
      },
    );
  }

  private sign(phase: Exclude<Phase, 'boot'>): (starts: readonly Start[]) => boolean {
    switch (phase) {
      case 'early': {
        const key = EARLY[this.random.between(0, EARLY.length - 1)];
        return (starts) => starts.some((start) => start.key === key) || starts.some((start) => start.key.startsWith('analyse'));
      }
      case 'recovery':
        return (starts) => starts.length > 0;
      case 'fan-out': {
        const count = this.random.between(1, 6);
        return (starts) => starts.filter(({ key }) => key.startsWith('analyse')).length >= count || starts.some(({ key }) => LATE.includes(key));
      }
      case 'late': {
        const key = LATE[this.random.between(0, LATE.length - 1)];
        return (starts) => starts.some((start) => start.key === key || start.key === 'write');
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
    if (!isRight) this.problems.push(`With ${unfinished === null ? 'no unfinished job' : `${finished} finished tasks in ${unfinished.id}`} it said: ${line}`);
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
