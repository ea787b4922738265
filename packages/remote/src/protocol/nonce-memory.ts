const MOST = 100_000;

/** The nonces of messages whose signatures were right, for as long as their timestamps pass. */
export class NonceMemory {
  /** Nonce → when it may be forgotten; in order of arrival, which is nearly that of time. */
  private readonly seen = new Map<string, number>();

  /** `full` refuses what is new rather than forgetting what is not: only holders of the secret can fill it. */
  take(nonce: string, nowMs: number, keepMs: number): 'new' | 'seen' | 'full' {
    for (const [old, until] of this.seen) {
      if (until > nowMs) break;
      this.seen.delete(old);
    }
    if (this.seen.has(nonce)) return 'seen';
    if (this.seen.size >= MOST) return 'full';
    this.seen.set(nonce, nowMs + keepMs);
    return 'new';
  }
}
