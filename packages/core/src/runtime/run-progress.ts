import { cutText } from '../context/cut-text.js';
import type { Run } from './run.js';

const PROGRESS_EVERY_MS = 250;
const MESSAGE_CHARS = 200;

/** Reports how far a run is, the latest only and not too often. */
export class RunProgress {
  private lastAt = Number.NEGATIVE_INFINITY;
  private waiting: { percent: number; message: string | null } | null = null;

  constructor(private readonly run: Run) {}

  report(percent: number, message?: string): void {
    if (this.run.attempt.isOver) return;
    this.run.heartbeat();
    const clamped = Math.round(Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0)));
    const wasWaiting = this.waiting !== null;
    this.waiting = { percent: clamped, message: message === undefined ? null : cutText(message, MESSAGE_CHARS) };
    if (wasWaiting) return;
    const { clock } = this.run.services;
    const waitMs = this.lastAt + PROGRESS_EVERY_MS - clock.monotonic();
    if (waitMs <= 0) this.send();
    else clock.schedule(waitMs, () => this.send());
  }

  private send(): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting === null || this.run.attempt.isOver) return;
    this.lastAt = this.run.services.clock.monotonic();
    this.run.services.reportProgress(this.run.grant, waiting.percent, waiting.message);
  }
}
