/** A named capacity: how many of something may be taken at the same time. */
interface Limit {
  readonly capacity: number;
  taken: number;
}

/**
 * Every capacity that a task must take before it starts, by name (`process`, `agent:<name>`, `job:<id>`). Waiting for a
 * place never fails a task.
 */
export class Limits {
  private readonly limits = new Map<string, Limit>();

  /** Sets a capacity. A limit that nobody has set has room for everything. */
  set(name: string, capacity: number): void {
    this.limits.set(name, { capacity, taken: this.limits.get(name)?.taken ?? 0 });
  }

  has(name: string): boolean {
    return this.limits.has(name);
  }

  delete(name: string): void {
    this.limits.delete(name);
  }

  /** Takes one place of each, or none: then the first one without room is returned. */
  take(names: readonly string[]): string | null {
    for (const name of names) {
      const limit = this.limits.get(name);
      if (limit && limit.taken >= limit.capacity) return name;
    }
    for (const name of names) {
      const limit = this.limits.get(name);
      if (limit) limit.taken += 1;
    }
    return null;
  }

  give(names: readonly string[]): void {
    for (const name of names) {
      const limit = this.limits.get(name);
      if (limit && limit.taken > 0) limit.taken -= 1;
    }
  }

  takenOf(name: string): number {
    return this.limits.get(name)?.taken ?? 0;
  }
}
