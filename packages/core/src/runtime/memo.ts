import { DependencyFailedError } from '../errors/job-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { byteLength, findJsonProblem, type Json } from '../kernel/json.js';
import { isTerminalTask } from '../model/task.js';
import type { JsonText, MemoKind } from '../model/event.js';
import type { Store, StoredMemo, StoredNeed } from '../ports/store.js';

const EMPTY: StoredMemo = { steps: [], needs: [], openAsks: [] };

/** What became of a question to a person. */
export type AskMemo = { readonly answer: Json; readonly by: string | null } | { readonly timedOut: 'decide' | 'fail' };

/**
 * What earlier runs of a task (in this generation) have learned: results of steps by name, answers of needs by key. Read
 * once, at the first use.
 */
export class Memo {
  private loaded: Promise<StoredMemo> | null = null;
  private readonly namesSeen = new Set<string>();
  /** Answers that this run has used. */
  needsUsed = 0;

  constructor(
    private readonly store: Store,
    private readonly jobId: string,
    private readonly no: number,
    private readonly generation: number,
    private readonly isFirstRun: boolean,
  ) {}

  /** The remembered result of a step, `undefined` when it has not run. @throws TaskloomError `STEP_NAME_REUSED` */
  step(name: string): Promise<Json | undefined> {
    return this.named('step', name);
  }

  /** When a sleep that has begun ends, `undefined` when it has not begun. @throws TaskloomError `STEP_NAME_REUSED` */
  async sleep(name: string): Promise<number | undefined> {
    return (await this.named('sleep', name)) as number | undefined;
  }

  /** What became of a question to a person: an answer, nothing in time, `open`, or not asked. @throws TaskloomError `STEP_NAME_REUSED` */
  async ask(name: string): Promise<AskMemo | 'open' | undefined> {
    const known = (await this.named('ask', name)) as AskMemo | undefined;
    if (known !== undefined) return known;
    return (await this.read()).openAsks.includes(name) ? 'open' : undefined;
  }

  /** Whether a message was published. @throws TaskloomError `STEP_NAME_REUSED` */
  async published(name: string): Promise<boolean> {
    return (await this.named('publish', name)) !== undefined;
  }

  /** What was refused may be asked for again, under the same name. */
  refused(kind: MemoKind, name: string): void {
    this.namesSeen.delete(`${kind} ${name}`);
  }

  private async named(kind: MemoKind, name: string): Promise<Json | undefined> {
    const both = `${kind} ${name}`;
    if (this.namesSeen.has(both))
      throw new TaskloomError('STEP_NAME_REUSED', `The ${kind} "${name}" came twice in one attempt.`, { details: { [kind]: name } });
    this.namesSeen.add(both);
    const { steps } = await this.read();
    const found = steps.find((step) => step.kind === kind && step.name === name);
    return found ? (JSON.parse(found.json) as Json) : undefined;
  }

  /** The task that was made for a question, `null` when it has not been asked. */
  async need(key: string): Promise<StoredNeed | null> {
    const { needs } = await this.read();
    return needs.find((need) => need.origin === 'need' && need.originKey === key) ?? null;
  }

  /** The task that an earlier run has added, `null` when none has. */
  async spawned(key: string): Promise<StoredNeed | null> {
    const { needs } = await this.read();
    return needs.find((need) => need.origin === 'spawn' && need.originKey === key) ?? null;
  }

  async needsAsked(): Promise<number> {
    return (await this.read()).needs.filter(({ origin }) => origin === 'need').length;
  }

  /** The output of an answered need. @throws DependencyFailedError when it ended otherwise */
  async answer(need: StoredNeed): Promise<Json> {
    if (!isTerminalTask(need.status)) throw new TaskloomError('INTERNAL', `"${need.key}" has not ended.`);
    this.needsUsed += 1;
    if (need.status === 'COMPLETED' || need.status === 'ACCEPTED') {
      const [text] = await this.store.outputs(this.jobId, [need.no]);
      return text === null || text === undefined ? null : (JSON.parse(text) as Json);
    }
    const [digest] = await this.store.digests(this.jobId, [need.no]);
    throw new DependencyFailedError(need.key, need.status, digest?.error ?? null);
  }

  private read(): Promise<StoredMemo> {
    this.loaded ??= this.isFirstRun ? Promise.resolve(EMPTY) : this.store.memo(this.jobId, this.no, this.generation);
    return this.loaded;
  }
}

/** A value as JSON text. @throws TaskloomError `OUTPUT_NOT_JSON`, `OUTPUT_TOO_LARGE`, naming `what` */
export function toJsonText(value: unknown, maxBytes: number, what: string): JsonText {
  const problem = findJsonProblem(value);
  if (problem) {
    const where = problem.path === '' ? '' : ` at ${problem.path}`;
    throw new TaskloomError('OUTPUT_NOT_JSON', `${what} is not JSON${where}: ${problem.reason}.`, { details: { path: problem.path } });
  }
  const json = JSON.stringify(value);
  const bytes = byteLength(json);
  if (bytes > maxBytes)
    throw new TaskloomError('OUTPUT_TOO_LARGE', `${what} has ${bytes} bytes; at most ${maxBytes} are kept.`, {
      details: { bytes, limit: maxBytes },
    });
  return { json, bytes };
}
