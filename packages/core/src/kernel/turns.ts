/** Lets one act after another have something to itself, in the order in which they were asked for. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Begins when everything before it has ended, well or not. */
  take<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything has ended that was asked for until now. */
  async settled(): Promise<void> {
    await this.last;
  }
}
