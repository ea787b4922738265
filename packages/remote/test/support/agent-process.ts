import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const SECRET = 'a secret of at least thirty-two bytes';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly input?: unknown; readonly attempt?: number; readonly callback?: string | null; readonly reason?: string };
}

interface Told {
  readonly port?: number;
  readonly received?: ReceivedCall;
  readonly accepted?: ReceivedCall;
  readonly replies?: readonly number[];
  readonly closedAfter?: number;
  readonly pong?: true;
}

/** A remote agent in a process of its own. */
export class AgentProcess {
  private readonly told: Told[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    child.on('message', (message: Told) => {
      this.told.push(message);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  static async start(): Promise<AgentProcess> {
    const child = fork(fileURLToPath(new URL('./raw-agent.mjs', import.meta.url)), { env: { ...process.env, AGENT_SECRET: SECRET } });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new AgentProcess(child, port);
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Forgets what it has told so far. */
  async forget(): Promise<void> {
    this.child.send({ ping: true });
    await this.next('pong');
    this.told.length = 0;
  }

  /** The next thing of a kind that it tells, or has told and was not asked about. */
  async next<Kind extends keyof Told>(kind: Kind): Promise<NonNullable<Told[Kind]>> {
    for (;;) {
      const index = this.told.findIndex((message) => message[kind] !== undefined);
      if (index !== -1) return this.told.splice(index, 1)[0]![kind]!;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  callBack(call: ReceivedCall, value: unknown): Promise<readonly number[]> {
    this.child.send({ callBack: call.body.callback, value, from: call.headers });
    return this.next('replies');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
