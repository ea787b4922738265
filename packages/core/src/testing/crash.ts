import type { StoreOptions } from '../engine/store-options.js';

export type CrashOptions = StoreOptions & {
  /** The write at which the process dies, from 1. */
  readonly crashAt: number;
  /** Whether that write is lost (`before`), or durable and never answered (`after`). Default `after`. */
  readonly when?: 'before' | 'after';
};

/** The death of a process at its n-th write: nothing is answered from then on. */
export class Crash {
  private writes = 0;
  private dead = false;
  private tellCrashed: () => void = () => undefined;
  readonly crashed = new Promise<void>((resolve) => (this.tellCrashed = resolve));

  constructor(private readonly options: Pick<CrashOptions, 'crashAt' | 'when'>) {}

  get count(): number {
    return this.writes;
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Writes, or dies before or after that; `die` lets go of the database. */
  async write(write: () => Promise<void>, die: () => Promise<void>): Promise<void> {
    if (this.dead) return never();
    this.writes += 1;
    if (this.writes !== this.options.crashAt) return write();
    // What was begun before it is on its way; what comes after it is not.
    this.dead = true;
    if (this.options.when !== 'before') await write();
    await die();
    this.tellCrashed();
    return never();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
