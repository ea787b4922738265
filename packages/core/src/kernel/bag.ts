/** What a bag holds: it keeps its place in the bag in itself. */
export interface BagItem {
  /** -1: in no bag. */
  bagIndex: number;
}

/**
 * Items in no order, which come and go all the time. A `Set` would do, but leaves each table that it has outgrown pointing to
 * the next one: once the collector has taken one of them for old, whatever stood in those after it stays until the next full
 * collection, and all that is short-lived grows old.
 */
export class Bag<T extends BagItem> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    item.bagIndex = this.items.length;
    this.items.push(item);
  }

  /** Returns whether it was there. */
  delete(item: T): boolean {
    const index = item.bagIndex;
    if (index < 0) return false;
    const last = this.items.pop()!;
    last.bagIndex = index;
    if (last !== item) this.items[index] = last;
    item.bagIndex = -1;
    return true;
  }

  /** Those that are there now: items may come and go while they are gone through. */
  all(): readonly T[] {
    return this.items.slice();
  }
}
