const MOST = 10_000;

/** Numbers of events by job, of so many jobs as were noted last. */
export class RecentSeqs {
  private readonly seqs = new Map<string, number>();

  get(jobId: string): number | undefined {
    return this.seqs.get(jobId);
  }

  set(jobId: string, seq: number): void {
    this.seqs.delete(jobId);
    this.seqs.set(jobId, seq);
    if (this.seqs.size <= MOST) return;
    for (const oldest of this.seqs.keys()) return void this.seqs.delete(oldest);
  }

  delete(jobId: string): void {
    this.seqs.delete(jobId);
  }
}
