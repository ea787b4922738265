const PARTS = 30;

/**
 * How many of the things of a stretch of time that ends now were bad. The stretch moves on in thirtieths, so that it takes
 * the same room whatever happens in it.
 */
export class SlidingShare {
  private readonly totals = new Uint32Array(PARTS);
  private readonly bad = new Uint32Array(PARTS);
  /** The thirtieth that counts now, since time began. */
  private part = 0;
  private total = 0;
  private totalBad = 0;

  constructor(private readonly windowMs: number) {}

  add(isBad: boolean, now: number): void {
    this.moveTo(now);
    const index = this.part % PARTS;
    this.totals[index]! += 1;
    this.total += 1;
    if (!isBad) return;
    this.bad[index]! += 1;
    this.totalBad += 1;
  }

  /** @returns `share` 0–1, 0 of nothing */
  at(now: number): { readonly count: number; readonly share: number } {
    this.moveTo(now);
    return { count: this.total, share: this.total === 0 ? 0 : this.totalBad / this.total };
  }

  clear(): void {
    this.totals.fill(0);
    this.bad.fill(0);
    this.total = this.totalBad = 0;
  }

  private moveTo(now: number): void {
    const part = Math.floor((now * PARTS) / this.windowMs);
    if (part - this.part >= PARTS) this.clear();
    else {
      for (let next = this.part + 1; next <= part; next += 1) {
        const index = next % PARTS;
        this.total -= this.totals[index]!;
        this.totalBad -= this.bad[index]!;
        this.totals[index] = this.bad[index] = 0;
      }
    }
    // A clock that was put back counts on where it was.
    this.part = Math.max(this.part, part);
  }
}
