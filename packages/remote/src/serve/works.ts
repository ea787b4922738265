import type { RemoteAnswer } from '../protocol/answer.js';

/** What is done for one idempotency key. */
export interface Work {
  /** Hash of the input, to recognise another one under the same key. */
  readonly inputHash: string;
  readonly stop: AbortController;
  readonly answer: Promise<RemoteAnswer>;
  /** The newest call's: only that one is waited for. */
  fence: string;
  isDone: boolean;
  /** When the output may be forgotten. */
  until: number;
}

/** Work that is going on, and the outputs of what is done, so that a repeated call does not repeat the work. */
export class Works {
  /** By idempotency key; what is done is in order of its end. */
  private readonly works = new Map<string, Work>();

  constructor(
    private readonly keepForMs: number,
    private readonly keepMost: number,
  ) {}

  get(key: string, nowMs: number): Work | undefined {
    const work = this.works.get(key);
    return work?.isDone && work.until <= nowMs ? undefined : work;
  }

  begin(key: string, work: Work): void {
    this.works.set(key, work);
  }

  /** Only an output is kept: what failed or was cancelled is done anew when it is called again. */
  end(key: string, work: Work, answer: RemoteAnswer, nowMs: number): void {
    work.isDone = true;
    if (this.works.get(key) !== work) return;
    this.works.delete(key);
    if ('error' in answer || work.stop.signal.aborted) return;
    work.until = nowMs + this.keepForMs;
    this.works.set(key, work);
    this.forget(nowMs);
  }

  /** Gives up what is going on. */
  stop(key: string, work: Work, reason: Error): void {
    if (this.works.get(key) === work) this.works.delete(key);
    work.stop.abort(reason);
  }

  private forget(nowMs: number): void {
    const done = [...this.works].filter(([, { isDone }]) => isDone);
    const tooMany = done.length - this.keepMost;
    done.forEach(([key, { until }], index) => {
      if (index < tooMany || until <= nowMs) this.works.delete(key);
    });
  }
}
