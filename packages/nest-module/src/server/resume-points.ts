/** The last event that each `jobEvents` of one WebSocket was sent. */
export class ResumePoints {
  private readonly sent = new Map<string, number>();

  /** Something is on its way; an event, where it has a number. */
  note(operationId: string, seq: number | undefined): void {
    if (seq !== undefined) this.sent.set(operationId, seq);
  }

  forget(operationId: string): void {
    this.sent.delete(operationId);
  }

  /** For a close reason: one subscription's cursor, or those of several by their operation ids. */
  describe(): string {
    const [only, ...others] = this.sent.values();
    if (only === undefined) return 'subscribe again for the current state';
    return others.length === 0 ? `resume with afterSeq=${only}` : `resume with afterSeq ${JSON.stringify(Object.fromEntries(this.sent))}`;
  }
}
