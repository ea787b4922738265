import { TaskloomError } from '../../src/index.js';
import type { Store } from '../../src/ports/store.js';
import { SqliteStore } from '../../src/store/sqlite-store.js';

type Writes = Parameters<Store['commit']>[0];

/** The real store, whose writes fail when the test says so, as they do on a full disk: nothing of them is stored. */
export class FailingStore extends SqliteStore {
  /** How many of the next writes fail. */
  failures = 0;
  /** Whether a write fails; asked for each. */
  refuses: (writes: Writes) => boolean = () => false;
  /** A new job of this name can never be written. */
  poisoned: string | null = null;

  override async commit(writes: Writes): Promise<void> {
    if (this.failures > 0 || this.refuses(writes)) {
      this.failures = Math.max(0, this.failures - 1);
      throw new TaskloomError('STORE_UNAVAILABLE', 'the disk is full');
    }
    if (this.poisoned !== null && writes.some(({ created }) => created?.spec.name === this.poisoned)) {
      throw new TypeError('this cannot be written');
    }
    return super.commit(writes);
  }
}

/**
 * The real store, but a write takes some turns of the event loop before it is done, and before its answer is heard, as with a
 * server; and it fails where `fails` says so.
 */
export class SlowStore extends SqliteStore {
  constructor(
    path: string,
    private readonly turns: () => number,
    private readonly fails: () => boolean = () => false,
  ) {
    super({ path, synchronous: 'NORMAL' });
  }

  override async commit(writes: Writes): Promise<void> {
    await this.pass();
    if (this.fails()) throw new TaskloomError('STORE_UNAVAILABLE', 'the server is gone');
    await super.commit(writes);
    await this.pass();
  }

  private async pass(): Promise<void> {
    for (let turn = this.turns(); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
