import type { CommittedJob } from '../ledger/committed.js';
import type { EventType } from '../model/event.js';
import { inputText, parseInputText } from '../model/input-text.js';
import type { TaskSpec } from '../model/task.js';
import type { Store } from '../ports/store.js';

const MAX_SPECS = 50_000;
const MAX_OUTPUT_BYTES = 16_777_216;
/** A longer text is read from the store when it is needed. */
const MAX_TEXT_BYTES = 4_096;
/** A job's finished tasks whose names are kept. A summary names few; in a job of more, the store is asked. */
const MAX_NAMES = 32;

/** After these, outputs of an earlier generation count no more. */
const FORGETS: ReadonlySet<EventType> = new Set(['JOB_REOPENED', 'TASKS_REOPENED', 'TASK_REJECTED', 'DEPENDENCY_ADDED']);

/** Outputs as JSON texts, by task number. */
export type Outputs = ReadonlyMap<number, string | null>;

interface RecentSpec {
  readonly spec: TaskSpec;
  /** Its input as JSON: every start gets a copy of its own, as it would from the store. `null` where there is nothing to share. */
  readonly text: string | null;
}

interface RecentJob {
  readonly specs: Map<number, RecentSpec>;
  readonly outputs: Map<number, string>;
  /** Of finished tasks: the others have their definitions here. */
  readonly names: Map<number, string>;
  outputBytes: number;
}

/**
 * Definitions, small outputs and some names that this process has just written, so that starting a task and summing up a small
 * job need not read them back. Only what is committed gets here; whatever is not here is read from the store.
 */
export class RecentTasks {
  private readonly jobs = new Map<string, RecentJob>();
  private specs = 0;
  private outputBytes = 0;

  constructor(private readonly store: Store) {}

  committed(jobs: readonly CommittedJob[]): void {
    for (const { jobId, events, ended } of jobs) {
      if (ended) {
        this.drop(jobId);
        continue;
      }
      for (const event of events) {
        if (event.type === 'TASKS_ADDED') this.keepSpecs(jobId, event.specs);
        else if (event.type === 'TASK_COMPLETED') this.taskEnded(jobId, event.task, typeof event.output === 'object' ? event.output : null);
        else if (FORGETS.has(event.type)) this.drop(jobId);
      }
    }
  }

  /** At once where it is here, else a promise: this stands on the path of every start. */
  spec(jobId: string, no: number): TaskSpec | null | Promise<TaskSpec | null> {
    const recent = this.jobs.get(jobId)?.specs.get(no);
    if (!recent) return this.store.taskSpec(jobId, no);
    return recent.text === null ? recent.spec : { ...recent.spec, input: parseInputText(recent.text) };
  }

  /** Outputs by task number, `null` where a task has none; at once where all are here. */
  outputs(jobId: string, nos: readonly number[]): Outputs | Promise<Outputs> {
    const recent = this.jobs.get(jobId);
    const found = new Map<number, string | null>();
    const missing: number[] = [];
    for (const no of nos) {
      const text = recent?.outputs.get(no);
      if (text === undefined) missing.push(no);
      else found.set(no, text);
    }
    return missing.length === 0 ? found : this.readOutputs(jobId, missing, found);
  }

  /** Names by task number; at once where all are here. */
  names(jobId: string, nos: readonly number[]): ReadonlyMap<number, string> | Promise<ReadonlyMap<number, string>> {
    const recent = this.jobs.get(jobId);
    const found = new Map<number, string>();
    for (const no of nos) {
      const name = recent?.names.get(no) ?? recent?.specs.get(no)?.spec.name;
      if (name === undefined) return this.readNames(jobId, nos);
      found.set(no, name);
    }
    return found;
  }

  private async readNames(jobId: string, nos: readonly number[]): Promise<ReadonlyMap<number, string>> {
    return new Map((await this.store.digests(jobId, nos)).map(({ no, name }) => [no, name]));
  }

  private async readOutputs(jobId: string, missing: readonly number[], found: Map<number, string | null>): Promise<Outputs> {
    const texts = await this.store.outputs(jobId, missing);
    missing.forEach((no, index) => found.set(no, texts[index] ?? null));
    return found;
  }

  private keepSpecs(jobId: string, specs: readonly TaskSpec[]): void {
    if (this.specs + specs.length > MAX_SPECS) return;
    const job = this.jobOf(jobId);
    specs.forEach((spec) => {
      const { value } = spec.input;
      const isShared = typeof value === 'object' && value !== null;
      job.specs.set(spec.no, { spec, text: isShared ? inputText(spec.input) : null });
    });
    this.specs += specs.length;
  }

  private taskEnded(jobId: string, no: number, output: { readonly json: string; readonly bytes: number } | null): void {
    const job = this.jobs.get(jobId);
    const ended = job?.specs.get(no);
    if (job && ended) {
      // A finished task is not started again in this generation.
      job.specs.delete(no);
      this.specs -= 1;
      if (job.names.size < MAX_NAMES) job.names.set(no, ended.spec.name);
    }
    if (output === null || output.bytes > MAX_TEXT_BYTES || this.outputBytes + output.bytes > MAX_OUTPUT_BYTES) return;
    const kept = job ?? this.jobOf(jobId);
    kept.outputs.set(no, output.json);
    kept.outputBytes += output.bytes;
    this.outputBytes += output.bytes;
  }

  private jobOf(jobId: string): RecentJob {
    let job = this.jobs.get(jobId);
    if (!job) this.jobs.set(jobId, (job = { specs: new Map(), outputs: new Map(), names: new Map(), outputBytes: 0 }));
    return job;
  }

  private drop(jobId: string): void {
    const job = this.jobs.get(jobId);
    if (!job) return;
    this.specs -= job.specs.size;
    this.outputBytes -= job.outputBytes;
    this.jobs.delete(jobId);
  }
}
