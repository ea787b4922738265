/** What a tree shows of a task, wherever it comes from: the engine, or the API. */
export interface TreeTask {
  readonly id: string;
  /** `null` for the job's root. */
  readonly parentId: string | null;
  readonly name: string;
  /** `null` for a task that stands for those below it; the engine's own begin with `$`. */
  readonly agent: string | null;
  readonly status: string;
  readonly statusReason: string | null;
  readonly statusMessage: string | null;
  readonly error: { readonly message: string } | null;
  readonly summary: string | null;
  readonly progressMessage: string | null;
  readonly attempt: number;
  /** `plan`: it was laid out; `map`: it was made for an item of a list; anything else: a running task has added it. */
  readonly origin: string;
  /** Milliseconds since the epoch, as the others. */
  readonly updatedAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'ACCEPTED', 'FAILED', 'REJECTED', 'SKIPPED', 'CANCELLED']);

export function hasEnded({ status }: Pick<TreeTask, 'status'>): boolean {
  return ENDED.has(status);
}

/** Whether an agent of the application runs it. Of others the summary only lists the tasks below, which a tree shows anyway. */
export function isRunByApplication({ agent }: Pick<TreeTask, 'agent'>): boolean {
  return agent !== null && !agent.startsWith('$');
}
