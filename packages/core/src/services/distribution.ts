import type { DistributionView } from '../model/metrics.js';

/** Buckets to each doubling: their middle is never further than a tenth from what is in them. */
const PER_DOUBLING = 4;
/** Up to 2^31 ms, 24 days. */
const BUCKETS = 32 * PER_DOUBLING;

/** Durations in milliseconds, counted in buckets that grow with the duration: it takes half a kilobyte, however many there are. */
export class Distribution {
  private readonly buckets = new Uint32Array(BUCKETS);
  private count = 0;
  private sum = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = 0;

  add(ms: number): void {
    const value = Math.max(0, ms);
    this.count += 1;
    this.sum += value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.buckets[Math.min(BUCKETS - 1, Math.floor(Math.log2(value + 1) * PER_DOUBLING))]! += 1;
  }

  view(): DistributionView {
    const { count, sum, min, max } = this;
    const isEmpty = count === 0;
    return {
      count,
      sum,
      min: isEmpty ? null : min,
      mean: isEmpty ? null : sum / count,
      max: isEmpty ? null : max,
      p50: this.quantile(0.5),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
    };
  }

  private quantile(share: number): number | null {
    if (this.count === 0) return null;
    let left = Math.ceil(share * this.count);
    const bucket = this.buckets.findIndex((count) => (left -= count) <= 0);
    const middle = 2 ** ((bucket + 0.5) / PER_DOUBLING) - 1;
    return Math.min(this.max, Math.max(this.min, middle));
  }
}
