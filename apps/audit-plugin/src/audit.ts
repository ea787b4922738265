import type { CancelRequest, Engine, EventView, Json, PluginAttempt, SubmitRequest, Veto } from '@taskloom/core';

import { refusalOf, type Refusal, type Refused } from './audit-entry.js';
import { AuditTrail } from './audit-trail.js';
import type { ParsedAuditOptions } from './options.js';
import { Rules, type AuditRule } from './rules.js';
import { Settable } from './settable.js';

const RETRY_AFTER_MS = 1_000;

/** What the hooks of one plugin do. Between `begin` and `end` it belongs to one engine. */
export class Audit {
  readonly rules: Rules;
  private trail = new Settable<AuditTrail>();
  private isOpen = false;
  /** The last thing that is done with the files: one after the other, also when hooks overlap. */
  private last: Promise<unknown> = Promise.resolve();
  /** Why events cannot be written at present. */
  private problem: Error | null = null;

  constructor(private readonly options: ParsedAuditOptions) {
    this.rules = new Rules(options.rules, options.now);
  }

  async begin({ reader }: Engine): Promise<void> {
    if (this.isOpen) throw new Error('the plugin belongs to another engine already; make one for each');
    this.trail.set(await AuditTrail.open(this.options, reader));
    this.isOpen = true;
  }

  async end(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    const trail = await this.trail.value;
    this.trail = new Settable();
    await this.inTurn(() => trail.close());
  }

  /** Resolves when the event is in the file, however long that takes: the engine tells the next one then. */
  async record(event: EventView): Promise<void> {
    // What happened while there was no engine is told before the engine has started.
    const trail = await this.trail.value;
    for (;;) {
      try {
        await this.inTurn(() => trail.record(event));
        this.problem = null;
        return;
      } catch (error) {
        // Once, until it can be written to again.
        if (!this.problem) this.tell(error as Error);
        this.problem = error as Error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      if (!this.isOpen) throw new Error('the engine has stopped; the event is written after the next start');
    }
  }

  async beforeSubmit(request: SubmitRequest): Promise<Veto | undefined> {
    const { workflow, name, options } = request;
    const about = { name, ...(workflow !== null && { workflow }), ...(options.tenant !== undefined && { tenant: options.tenant }) };
    const rule = this.rules.refusingSubmit(request);
    if (rule) return this.refuse('SUBMIT_REFUSED', reasonOf(rule), about);
    return this.problem ? { veto: `What happens in it could not be recorded (${codeOf(this.problem)}).` } : undefined;
  }

  beforeStart(attempt: PluginAttempt, input: Json | undefined): Veto | undefined {
    const rule = this.rules.refusingStart(attempt, input);
    // The task's own event tells of it.
    return rule ? { veto: reasonOf(rule) } : undefined;
  }

  async beforeCancel(request: CancelRequest): Promise<Veto | undefined> {
    const rule = this.rules.refusingCancel(request);
    const { jobId, taskId, actor } = request;
    return rule
      ? this.refuse('CANCEL_REFUSED', reasonOf(rule), { job: jobId, ...(taskId !== null && { tasks: [taskId] }), who: actor })
      : undefined;
  }

  /** It is refused also when that cannot be written. */
  private async refuse(what: Refusal, why: string, refused: Refused): Promise<Veto> {
    const trail = await this.trail.value;
    await this.inTurn(() => trail.append(refusalOf(what, this.options.now(), why, refused))).catch((error: unknown) =>
      this.tell(error as Error),
    );
    return { veto: why };
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }

  private tell(problem: Error): void {
    this.options.onProblem(new Error(`The audit file ${this.options.file} cannot be written to: ${problem.message}`, { cause: problem }));
  }
}

/** Callers need not know where the file lies. */
function codeOf(problem: NodeJS.ErrnoException): string {
  return problem.code ?? problem.name;
}

function reasonOf({ name, reason }: AuditRule): string {
  return `${reason} (rule "${name}")`;
}
