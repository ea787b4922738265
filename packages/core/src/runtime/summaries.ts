import { cutText } from '../context/cut-text.js';
import { defaultSummary, SUMMARY_CHARS } from '../context/default-summary.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { JsonText } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import type { StoredDigest } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
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

  /** By the application's summarizer, within 30 s; else, and where that fails, the default one, at once. */
  write(work: FinishedWork, attempt: Attempt): string | Promise<string> {
    return this.summarizer ? this.ask(this.summarizer, work, attempt) : byDefault(work);
  }

  private async ask(summarizer: Summarizer, work: FinishedWork, attempt: Attempt): Promise<string> {
    const { spec, output, text, children } = work;
    let stopTimer: () => void = () => undefined;
    const tooLong = new Promise<null>((resolve) => (stopTimer = this.clock.schedule(SUMMARIZER_MS, () => resolve(null))));
    try {
      const request = { taskName: spec.name, agent: spec.agent, output, outputBytes: text?.bytes ?? 0, children };
      const summary = await Promise.race([summarizer.summarize(request, attempt.signal), tooLong]);
      return typeof summary === 'string' ? cutText(summary, SUMMARY_CHARS) : byDefault(work);
    } catch (error) {
      this.logger.warn('The summarizer failed; the default summary is used.', { task: spec.key, error: (error as Error).message });
      return byDefault(work);
    } finally {
      stopTimer();
    }
  }
}

function byDefault({ spec, output, children }: FinishedWork): string {
  return defaultSummary({ taskName: spec.name, output, children });
}
