import type { Engine } from '@taskloom/core';

/** Notes which jobs change from now on. Made before the engine starts, it misses none that an earlier process left unfinished and that ends at once. */
export class ChangedJobs {
  private readonly ids = new Set<string>();
  private readonly stop = new AbortController();

  constructor(engine: Engine) {
    void this.listen(engine);
  }

  /** What changed so far; nothing more is noted. */
  end(): ReadonlySet<string> {
    this.stop.abort();
    return this.ids;
  }

  private async listen(engine: Engine): Promise<void> {
    for await (const changes of engine.changes({ signal: this.stop.signal })) for (const { jobId } of changes) this.ids.add(jobId);
  }
}
