import type { Store } from '../ports/store.js';

const KEPT = 32;

/** Inputs, as JSON texts, of the jobs whose tasks ran last: every attempt of a job sees the same one. */
export class JobInputs {
  private readonly inputs = new Map<string, string | Promise<string>>();

  constructor(private readonly store: Store) {}

  /** At once where it has been read. */
  get(jobId: string): string | Promise<string> {
    const known = this.inputs.get(jobId);
    if (known !== undefined) return known;
    const loading = this.read(jobId);
    this.inputs.set(jobId, loading);
    if (this.inputs.size > KEPT) this.inputs.delete(this.inputs.keys().next().value!);
    return loading;
  }

  private async read(jobId: string): Promise<string> {
    try {
      const input = await this.store.jobInput(jobId);
      this.inputs.set(jobId, input);
      return input;
    } catch (error) {
      this.inputs.delete(jobId);
      throw error;
    }
  }
}
