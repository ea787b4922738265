/** What a heap holds: it keeps the item's place in the heap in the item itself. */
export interface HeapItem {
  /** -1: in no heap. */
  heapIndex: number;
}

/** A binary heap whose items can move and leave from anywhere: `peek` is the one that `before` puts first. */
export class IndexedHeap<T extends HeapItem> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
    this.up(item, this.items.length - 1);
  }

  peek(): T | undefined {
    return this.items[0];
  }

  pop(): T | undefined {
    const first = this.items[0];
    if (first) this.remove(first);
    return first;
  }

  remove(item: T): void {
    const { items } = this;
    const index = item.heapIndex;
    const last = items.pop()!;
    item.heapIndex = -1;
    if (last === item) return;
    last.heapIndex = index;
    items[index] = last;
    this.moved(last);
  }

  /** Puts an item whose order has changed in its right place. */
  moved(item: T): void {
    this.up(item, item.heapIndex);
    this.down(item, item.heapIndex);
  }

  private up(item: T, from: number): void {
    const { items } = this;
    let index = from;
    while (index > 0) {
      const parent = items[(index - 1) >> 1]!;
      if (!this.before(item, parent)) break;
      items[index] = parent;
      parent.heapIndex = index;
      index = (index - 1) >> 1;
    }
    items[index] = item;
    item.heapIndex = index;
  }

  private down(item: T, from: number): void {
    const { items } = this;
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.before(items[child + 1]!, items[child]!)) child += 1;
      const below = items[child]!;
      if (!this.before(below, item)) break;
      items[index] = below;
      below.heapIndex = index;
      index = child;
    }
    items[index] = item;
    item.heapIndex = index;
  }
}
