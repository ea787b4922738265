import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a process ended, and all it said until then. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

export interface ServerOptions {
  /** Where the server stands: its state and, by default, its report lie below. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Runs it as another user. */
  readonly uid?: number;
  /** In a process group of its own, as a shell does: then a Ctrl-C can be sent to all that run in it. */
  readonly hasGroup?: boolean;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PATIENCE_MS = 60_000;
const running = new Set<Server>();

/** The built server as a process of its own, driven as a person would: by arguments and signals, seen by what it prints. */
export class Server {
  /** Resolves when the process has ended and its output is complete. */
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly listeners = new Set<() => void>();
  private out = '';
  private err = '';
  private hasEnded = false;

  private constructor(args: readonly string[], { cwd, env = {}, uid, hasGroup = false }: ServerOptions) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: environment(env),
      detached: hasGroup,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    running.add(this);
    this.child.stdin.end();
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.hear(() => (this.out += text)));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.hear(() => (this.err += text)));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        running.delete(this);
        this.hear(() => (this.hasEnded = true));
        resolve({ code, signal, output: this.out, errors: this.err });
      });
    });
  }

  static start(args: readonly string[], options: ServerOptions): Server {
    return new Server(args, options);
  }

  /** Runs it to its end. */
  static async run(args: readonly string[], options: ServerOptions): Promise<Ending> {
    return Server.start(args, options).ended;
  }

  get output(): string {
    return this.out;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  /** Resolves when its standard output, from the beginning, matches. Rejects when it ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
        act();
      };
      const fail = (why: string): void => reject(new Error(`The server ${why} ${String(pattern)}.\n${this.out}\n${this.err}`));
      const look = (): void => {
        const match = pattern.exec(this.out);
        if (match) settle(() => resolve(match));
        else if (this.hasEnded) settle(() => fail('ended and never said'));
      };
      const timer = setTimeout(() => settle(() => fail('has not said')), PATIENCE_MS);
      this.listeners.add(look);
      look();
    });
  }

  /** The address of its GraphQL API, once it listens. */
  async graphql(): Promise<string> {
    return (await this.says(/^GraphQL\s+(http:\S+)$/m))[1] as string;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** As `head` does when it has seen enough. */
  stopReading(): void {
    this.child.stdout.destroy();
  }

  /** What a terminal does on Ctrl-C: every process of the group gets it, those that the server started too. */
  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  private hear(take: () => void): void {
    take();
    for (const listener of this.listeners) listener();
  }
}

/** Ends what a test left running. For `afterEach`. */
export async function endServers(): Promise<void> {
  const left = [...running];
  for (const server of left) server.kill('SIGKILL');
  await Promise.all(left.map(async ({ ended }) => ended));
}

/** The machine's own, without what the test runner has set or what would change how the server prints and what git reads. */
function environment(given: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GIT_|JEST_|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$|NO_COLOR$|CI$)/.test(name),
  );
  return { ...Object.fromEntries(kept), GIT_CONFIG_GLOBAL: join('/', 'dev', 'null'), GIT_CONFIG_NOSYSTEM: '1', ...given };
}
