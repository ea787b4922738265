import { cutText } from '../context/cut-text.js';
import { defaultSummary, SUMMARY_CHARS, type SummarisedChild } from '../context/default-summary.js';
import { digestSummary } from '../context/digest-summary.js';
import { inLog } from '../errors/in-log.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { JsonText } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import type { StoredDigest } from '../ports/store.js';
import type { Summarizer, SummaryRequest } from '../ports/summarizer.js';
import type { Attempt } from './attempt.js';

const SUMMARIZER_MS = 30_000;

export interface FinishedWork {
  readonly spec: TaskSpec;
  readonly output: Json;
  readonly text: JsonText | null;
  readonly children: readonly StoredDigest[];
}

/** Writes the summary of a task whose agent wrote none. */
export class Summaries {
  constructor(
    private readonly summarizer: Summarizer | null,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether it is the application's summarizer that writes, which is told everything about the tasks below. */
  get needsDigests(): boolean {
    return this.summarizer !== null;
  }

  /** By the application's summarizer, within 30 s; else, and where that fails, the default one, at once. */
  write(work: FinishedWork, attempt: Attempt): string | Promise<string> {
    return this.summarizer ? this.ask(this.summarizer, work, attempt) : byDefault(work.spec, work.output, work.children);
  }

  /** Nothing that the summarizer does fails the task, changes its output, or holds it up for longer than 30 s. */
  private async ask(summarizer: Summarizer, work: FinishedWork, attempt: Attempt): Promise<string> {
    const controller = new AbortController();
    let stopTimer: () => void = () => undefined;
    const tooLong = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
      stopTimer = this.clock.schedule(SUMMARIZER_MS, () => controller.abort(new Error(`it took longer than ${SUMMARIZER_MS} ms`)));
    });
    const giveUp = (): void => controller.abort(attempt.signal.reason);
    attempt.signal.addEventListener('abort', giveUp, { once: true });
    if (attempt.signal.aborted) giveUp();
    try {
      const summary: unknown = await Promise.race([tooLong, summarizer.summarize(requestFor(work), controller.signal)]);
      if (typeof summary === 'string' && summary.trim() !== '') return cutText(summary.trim().toWellFormed(), SUMMARY_CHARS);
      throw new TypeError(
        typeof summary === 'string' ? 'it returned an empty text' : `it returned no text but ${summary === null ? 'null' : typeof summary}`,
      );
    } catch (error) {
      this.logger.warn('The summarizer failed; the default summary is used.', {
        task: work.spec.key,
        ...inLog(error),
      });
      return byDefault(work.spec, work.output, work.children);
    } finally {
      stopTimer();
      attempt.signal.removeEventListener('abort', giveUp);
    }
  }
}

/** A copy: what the summarizer does with it stays with the summarizer. */
function requestFor({ spec, output, text, children }: FinishedWork): SummaryRequest {
  return {
    taskName: spec.name,
    agent: spec.agent,
    output: text === null ? output : (JSON.parse(text.json) as Json),
    outputBytes: text?.bytes ?? 0,
    children: children.map((child) => ({ name: child.name, status: child.status, summary: digestSummary(child) })),
  };
}

/** What is written of a task where no application's summarizer is asked. */
export function byDefault(spec: TaskSpec, output: Json, children: readonly SummarisedChild[]): string {
  return defaultSummary({ taskName: spec.name.trim() || spec.key, output, children });
}
