import { ApiContext } from '../graphql/api-context.js';
import { JobEvent } from '../graphql/types/job-event.type.js';

/** How graphql-ws begins the messages that carry what a subscription gives. */
const NEXT_MESSAGE = /^\{"id":("(?:[^"\\]|\\.)*"),"type":"next"/;

/** The last event that each `jobEvents` of one WebSocket was sent. */
export class ResumePoints {
  private readonly made = new Map<string, number>();
  private readonly sent = new Map<string, number>();

  /** A message is about to be made of what the operation pushed. */
  note(operationId: string, context: unknown): void {
    if (context instanceof ApiContext && context.pushed instanceof JobEvent) this.made.set(operationId, context.pushed.seq);
  }

  /** The message is on its way. */
  confirm(message: string): void {
    const [, quoted] = NEXT_MESSAGE.exec(message) ?? [];
    if (quoted === undefined) return;
    const operationId = JSON.parse(quoted) as string;
    const seq = this.made.get(operationId);
    if (seq !== undefined) this.sent.set(operationId, seq);
  }

  forget(operationId: string): void {
    this.made.delete(operationId);
    this.sent.delete(operationId);
  }

  /** For a close reason: one subscription's cursor, or those of several by their operation ids. */
  describe(): string {
    const [only, ...others] = this.sent.values();
    if (only === undefined) return 'subscribe again for the current state';
    return others.length === 0 ? `resume with afterSeq=${only}` : `resume with afterSeq ${JSON.stringify(Object.fromEntries(this.sent))}`;
  }
}
