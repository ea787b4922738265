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

  /**
   * For a close reason: one subscription's cursor, or those of several by their operation ids, as JSON.
   *
   * @param maxBytes cursors that do not fit are left out, so that the rest can be parsed; their clients know the last `seq` they saw
   */
  describe(maxBytes: number): string {
    const [only, ...others] = this.sent.values();
    if (only === undefined) return 'subscribe again for the current state';
    if (others.length === 0) return `resume with afterSeq=${only}`;
    const named: Record<string, number> = {};
    let text = 'resume with the last seq seen';
    for (const [operationId, seq] of this.sent) {
      named[operationId] = seq;
      const longer = `resume with afterSeq ${JSON.stringify(named)}`;
      if (Buffer.byteLength(longer) > maxBytes) delete named[operationId];
      else text = longer;
    }
    return text;
  }
}
