import 'reflect-metadata';

import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, RetryableError, type Flow, type TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { TaskloomModule } from '../src/index.js';
import { TaskloomTestingModule, TaskloomTestKit } from '../src/testing.js';
import { removeTempStores, tempStore } from './support/temp-store.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
  await removeTempStores();
});

@Injectable()
class Network {
  fetch(): Promise<string> {
    throw new Error('a test has used the network');
  }
}

@TaskAgent({
  name: 'download',
  input: z.object({ url: z.string() }),
  output: z.object({ text: z.string() }),
  retry: { maxAttempts: 5, delay: '1h', backoff: 'fixed' },
})
class Download {
  constructor(private readonly network: Network) {}

  async execute() {
    return { text: await this.network.fetch() };
  }
}

@TaskAgent({ name: 'wait-a-day', input: z.object({ text: z.string() }), output: z.object({ text: z.string() }) })
class WaitADay {
  async execute(input: { text: string }, ctx: TaskContext) {
    await ctx.sleep('a day', '24h');
    return input;
  }
}

@Workflow({ name: 'read-later', input: z.object({ url: z.string() }) })
class ReadLater {
  plan(flow: Flow, input: { url: string }) {
    return flow.add(WaitADay, flow.add(Download, input).out).out;
  }
}

@Module({ providers: [Network, Download, WaitADay, ReadLater] })
class ReadingModule {}

async function started(builder: ReturnType<typeof Test.createTestingModule>) {
  const app = await builder.compile();
  open.push(app);
  await app.init();
  return app;
}

describe('TaskloomTestingModule', () => {
  it('runs real agents beside scripted ones, days in no time, without a file and without HTTP', async () => {
    const app = await started(
      Test.createTestingModule({
        imports: [
          TaskloomTestingModule.forRoot({ agents: { download: [{ throws: new RetryableError('busy') }, { returns: { text: 'hello' } }] } }),
          ReadingModule,
        ],
      }),
    );
    const kit = app.get(TaskloomTestKit);
    const { job, output, tookMs, tasks, outputs, events } = await kit.run(ReadLater, { url: 'https://example.org' });
    expect(job).toMatchObject({ status: 'COMPLETED', success: true });
    expect(output).toEqual({ text: 'hello' });
    expect(tookMs).toBeGreaterThanOrEqual(25 * 3_600_000);
    expect(tookMs).toBeLessThan(26 * 3_600_000);
    expect(kit.calls('download')).toEqual([
      { taskKey: 'download', attempt: 1, input: { url: 'https://example.org' } },
      { taskKey: 'download', attempt: 2, input: { url: 'https://example.org' } },
    ]);
    expect(tasks.get('download')?.attempt).toBe(2);
    expect(outputs.get('download')).toEqual({ text: 'hello' });
    expect(events.at(-1)?.type).toBe('JOB_COMPLETED');
  });

  it('checks what scripted agents give against the schemas of the real ones', async () => {
    const app = await started(
      Test.createTestingModule({
        imports: [TaskloomTestingModule.forRoot({ agents: { download: { returns: { txt: 1 } } } }), ReadingModule],
      }),
    );
    const { job, error, output } = await app.get(TaskloomTestKit).run(ReadLater, { url: 'x' });
    expect(job.status).toBe('FAILED');
    expect(error?.message).toMatch(/"download"/);
    expect(output).toBeUndefined();
  });

  it('takes graphs, and agents that the application does not have', async () => {
    const app = await started(
      Test.createTestingModule({ imports: [TaskloomTestingModule.forRoot({ agents: { anything: (input) => ({ got: input }) } })] }),
    );
    const { outputs } = await app.get(TaskloomTestKit).runJob({ name: 'x', tasks: [{ key: 'a', agent: 'anything', input: { n: 1 } }] });
    expect(outputs.get('a')).toEqual({ got: { n: 1 } });
  });

  it('says what is missing', async () => {
    const kit = new TaskloomTestKit({ agents: { a: { returns: {} } } });
    expect(() => kit.engine).toThrow(/has not been compiled yet/);
    expect(() => kit.calls('b')).toThrow(/no script for the agent "b"/);
  });
});

describe('a kit over a whole application', () => {
  const extra = defineAgent({
    name: 'extra',
    input: z.object({}),
    output: z.object({ limit: z.string() }),
    limits: ['printer'],
    execute: () => ({ limit: 'printer' }),
  });

  @Module({
    imports: [
      TaskloomModule.forRoot({
        store: { path: '/nowhere/taskloom.db' },
        definitions: [extra],
        namedLimits: { printer: { concurrency: 1 } },
      }),
      ReadingModule,
    ],
  })
  class AppModule {}

  it('puts clock, store and agents in the place of its own, and leaves the rest', async () => {
    const kit = new TaskloomTestKit({ agents: { download: { returns: { text: 'stored' } } } });
    await started(kit.override(Test.createTestingModule({ imports: [AppModule] })));
    expect((await kit.run('read-later', { url: 'x' })).output).toEqual({ text: 'stored' });
    expect((await kit.runJob({ name: 'x', tasks: [{ key: 'e', agent: 'extra', input: {} }] })).outputs.get('e')).toEqual({
      limit: 'printer',
    });
  });

  it('serves the API where a test wants it', async () => {
    const kit = new TaskloomTestKit({ api: {} });
    const testing = await kit.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    const app = testing.createNestApplication();
    open.push(app);
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ agents { name } }"}',
    });
    expect(await answer.json()).toMatchObject({ data: { agents: expect.arrayContaining([{ name: 'download' }]) } });
  });

  it('stops in no time, also while an agent hangs, and goes on where it was on the same file', async () => {
    const store = await tempStore();
    const first = new TaskloomTestKit({ store, agents: { download: { hangs: true } } });
    const app = await started(first.override(Test.createTestingModule({ imports: [AppModule] })));
    const { id } = await first.engine.startWorkflow('read-later', { url: 'x' });
    while (first.calls('download').length === 0) await first.clock.advance(0);
    open.length = 0;
    await app.close();

    const second = new TaskloomTestKit({ store, agents: { download: { returns: { text: 'after the restart' } } } });
    await started(second.override(Test.createTestingModule({ imports: [AppModule] })));
    expect(await second.clock.runUntil(second.engine.job(id).result())).toEqual({ text: 'after the restart' });
  });

  it('lets a test replace an agent’s provider as any other', async () => {
    const kit = new TaskloomTestKit();
    const builder = Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Download)
      .useValue({ execute: () => ({ text: 'of the stand-in' }) });
    await started(kit.override(builder));
    expect((await kit.run(ReadLater, { url: 'x' })).output).toEqual({ text: 'of the stand-in' });
  });
});
