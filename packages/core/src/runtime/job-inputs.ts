import type { Json } from '../kernel/json.js';
import type { Store } from '../ports/store.js';

const KEPT = 32;

/** Inputs of the jobs whose tasks ran last: every attempt of a job sees the same one. */
export class JobInputs {
  private readonly inputs = new Map<string, Promise<Json>>();

  constructor(private readonly store: Store) {}

  get(jobId: string): Promise<Json> {
    const known = this.inputs.get(jobId);
    if (known) return known;
    const loading = this.store.jobInput(jobId).then((text) => JSON.parse(text) as Json);
    this.inputs.set(jobId, loading);
    loading.catch(() => this.inputs.delete(jobId));
    if (this.inputs.size > KEPT) this.inputs.delete(this.inputs.keys().next().value!);
    return loading;
  }
}
