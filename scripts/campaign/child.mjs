import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const PATIENCE_MS = 90_000;
/** A process that is refused again and again says so again and again. */
const SHOWN = 8;

const living = new Set();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A worker in a process of its own. It loads its modules at once and waits for its order. */
export class Child {
  #lines = [];
  #listeners = new Set();
  #end = null;
  /** What it wrote to standard error. */
  complaints = '';

  /** @param {{ wrap?: readonly string[], env?: Record<string, string> }} [how] a program that runs it, such as strace, and what to add to its environment */
  constructor({ wrap = [], env = {} } = {}) {
    const [program, ...args] = [...wrap, process.execPath, WORKER];
    // A group of its own, so that whatever wraps it dies with it.
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env }, detached: true });
    living.add(this);
    // It may be killed before it reads.
    this.process.stdin.on('error', () => undefined);
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line));
      this.#ring();
    });
    this.process.stderr.on('data', (data) => (this.complaints += data));
    /** @type {Promise<{ code: number | null, signal: string | null }>} */
    this.exited = new Promise((resolve) => {
      this.process.on('close', (code, signal) => {
        living.delete(this);
        this.#end = { code, signal };
        this.#ring();
        resolve(this.#end);
      });
    });
  }

  /** @param {import('./worker.mjs').Order} order */
  begin(order) {
    this.process.stdin.write(`${JSON.stringify(order)}\n`);
    return this;
  }

  /** Whether it has said so by now. */
  hasSaid(what) {
    return this.#lines.some(({ say }) => say === what);
  }

  /** The first line, said or to be said, that has this `say`; `null` when the process ends without it. @throws Error when neither comes to pass */
  async says(what) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#lines.find(({ say }) => say === what);
      if (found) return found;
      if (this.#end) return null;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `the worker has not said "${what}" in ${PATIENCE_MS / 1_000} s; at last it said ${JSON.stringify(this.#lines.slice(-SHOWN))}`,
        );
      let timer;
      await new Promise((resolve) => {
        timer = setTimeout(resolve, left);
        this.#listeners.add(resolve);
      });
      clearTimeout(timer);
    }
  }

  /** Sends a signal to the process and to what wraps it. Whether there was still a process to get it. */
  kill(signal) {
    const { pid } = this.process;
    if (this.#end || pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }

  #ring() {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
