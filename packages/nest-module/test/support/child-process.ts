import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of this folder as a process of its own, and what it has told. */
export class TestProcess<Told extends object> {
  readonly told: Told[] = [];
  private readonly child: ChildProcess;

  constructor(program: string, argument: object) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    this.child = fork(path, [JSON.stringify(argument)], { env: { ...process.env, NODE_ENV: 'test' } });
    this.child.on('message', (message: Told) => this.told.push(message));
  }

  /** Waits until it tells that. */
  async tells(wanted: Partial<Told>): Promise<Told> {
    const isWanted = (told: Told): boolean => Object.entries(wanted).every(([name, value]) => told[name as keyof Told] === value);
    for (;;) {
      const found = this.told.find(isWanted);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}`);
      await Promise.race([once(this.child, 'message'), once(this.child, 'exit')]);
    }
  }

  send(message: object): void {
    this.child.send(message);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
}
