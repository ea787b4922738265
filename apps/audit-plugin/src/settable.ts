/** A value that is awaited before it is there. */
export class Settable<T> {
  readonly value: Promise<T>;
  set!: (value: T) => void;

  constructor() {
    this.value = new Promise((resolve) => (this.set = resolve));
  }
}
