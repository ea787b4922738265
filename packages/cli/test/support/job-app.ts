import 'reflect-metadata';

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { task, type Engine, type Flow, type TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { TASKLOOM_ENGINE, TaskloomModule, type TaskloomModuleOptions } from '@taskloom/nest';
import { z } from 'zod';

const Text = z.object({ text: z.string() });
const Names = z.object({ names: z.array(z.string()) });

@TaskAgent({ name: 'greet', description: 'Greets somebody', input: z.object({ name: z.string() }), output: Text, capabilities: ['talk'] })
class Greet {
  execute({ name }: { name: string }) {
    return { text: `Hello, ${name}!` };
  }
}

/** Waits until the test opens its gate. */
@TaskAgent({ name: 'wait', description: 'Waits for the test', input: z.object({}), output: Text })
class Wait {
  async execute(_input: object, ctx: TaskContext) {
    await ctx.progress(0.5, 'half way');
    await gate.pass(ctx.signal);
    return { text: 'waited' };
  }
}

@TaskAgent({ name: 'break', description: 'Fails until it is repaired', input: z.object({}), output: Text })
class Break {
  execute() {
    if (!gate.isRepaired) throw new Error('the disk\u001B[2J is\nfull');
    return { text: 'repaired' };
  }
}

@TaskAgent({ name: 'spend', description: 'Spends what it is told to', input: z.record(z.string(), z.number()), output: z.null() })
class Spend {
  execute(amounts: Record<string, number>, ctx: TaskContext) {
    ctx.cost(amounts);
    return null;
  }
}

@TaskAgent({ name: 'ask', description: 'Asks a person', input: z.object({}), output: z.object({ approved: z.boolean() }) })
class Ask {
  async execute(_input: object, ctx: TaskContext) {
    const { answer } = await ctx.ask('approval', { question: 'May it\u001B[2J be sent?', schema: z.object({ approved: z.boolean() }) });
    return { approved: answer?.approved ?? false };
  }
}

@TaskAgent({ name: 'draft', description: 'Writes what a person judges', input: z.object({}), output: Text, review: 'manual' })
class Draft {
  execute(_input: object, ctx: TaskContext) {
    return { text: `draft ${ctx.attempt.number}` };
  }
}

@Workflow({ name: 'welcome', description: 'Greets everybody', input: Names })
class Welcome {
  plan(flow: Flow, { names }: z.output<typeof Names>) {
    const greetings = flow.story('Greetings');
    return { texts: names.map((name) => greetings.add(task(Greet, { name }).describedAs(`Greet ${name}`)).out.text) };
  }
}

@Workflow({ name: 'waiting', description: 'Waits for the test', input: z.object({}) })
class Waiting {
  plan(flow: Flow) {
    const first = flow.add(task(Greet, { name: 'Ada' }).describedAs('Greet\u001B[2J\nAda'));
    return flow.add(task(Wait, {}).describedAs('Wait')).after(first).out;
  }
}

@Workflow({ name: 'breaking', description: 'Fails', input: z.object({}) })
class Breaking {
  plan(flow: Flow) {
    const broken = flow.add(task(Break, {}).describedAs('Write it down'));
    return flow.add(task(Greet, { name: 'Ada' })).after(broken).out;
  }
}

@Workflow({ name: 'asking', description: 'Asks a person', input: z.object({}) })
class Asking {
  plan(flow: Flow) {
    return flow.add(task(Ask, {}).describedAs('Ask for leave')).out;
  }
}

/** What the agents of a test wait for. */
export class Gate {
  isRepaired = false;
  private release!: () => void;
  private arrive!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.release = resolve));
  /** Resolves when the first agent has come. */
  readonly reached = new Promise<void>((resolve) => (this.arrive = resolve));

  async pass(signal: AbortSignal): Promise<void> {
    this.arrive();
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([this.opened, aborted]);
  }

  open(): void {
    this.release();
  }
}

let gate = new Gate();

export interface JobApp {
  readonly engine: Engine;
  readonly gate: Gate;
  readonly url: string;
  readonly port: number;
  readonly storePath: string;
  close(): Promise<void>;
}

export interface JobAppOptions extends TaskloomModuleOptions {
  /** Default: any. */
  readonly port?: number;
  /** Default: a new one. */
  readonly storePath?: string;
  /** An HTML page of the application's own, at `/page`. */
  readonly page?: string;
}

const running = new Set<JobApp>();
const folders = new Set<string>();

/** A real application with a real engine that serves the API. */
export async function startJobApp({ port = 0, storePath = newStore(), page, ...taskloom }: JobAppOptions = {}): Promise<JobApp> {
  gate = new Gate();
  class AppModule {}
  const app: INestApplication = await NestFactory.create(
    {
      module: AppModule,
      imports: [TaskloomModule.forRoot({ store: { path: storePath }, shutdownGrace: '0s', ...taskloom })],
      providers: [Greet, Wait, Break, Ask, Draft, Spend, Welcome, Waiting, Breaking, Asking],
    },
    { logger: false, abortOnError: false },
  );
  const http = app.getHttpAdapter();
  if (page !== undefined) http.get('/page', (_request: unknown, response: unknown) => void http.reply(response, page));
  await app.listen(port, '127.0.0.1');
  const listening = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  const jobApp: JobApp = {
    engine: app.get<Engine>(TASKLOOM_ENGINE),
    gate,
    url: `http://127.0.0.1:${listening}/graphql`,
    port: listening,
    storePath,
    close: async () => {
      running.delete(jobApp);
      await app.close();
    },
  };
  running.add(jobApp);
  return jobApp;
}

/** For `afterEach`. */
export async function stopJobApps(): Promise<void> {
  await Promise.all([...running].map((app) => app.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

function newStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-cli-jobs-'));
  folders.add(folder);
  return join(folder, 'taskloom.db');
}
