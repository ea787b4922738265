import { afterEach, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import { defineTopic, type BatchContext, type ConfigError, type TaskContext } from '@taskloom/core';
import { PubSubAgent, TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import { secret } from '../src/index.js';
import { Dictionary } from './support/agents.js';
import { dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestAppOptions } from './support/start-app.js';

afterEach(stopApps);

const CANARY = 'canary-of-batches';
const Word = z.object({ word: z.string() });
const Text = z.object({ text: z.string() });
const batch = { maxSize: 10, maxWait: 0 } as const;

@TaskAgent({ name: 'greet-all', input: Word, output: Text, batch })
class GreetAll {
  constructor(@Inject(Dictionary) private readonly dictionary: Dictionary) {}

  async executeBatch(inputs: readonly { word: string }[], _ctx: BatchContext): Promise<PromiseSettledResult<{ text: string }>[]> {
    return Promise.allSettled(
      inputs.map(async ({ word }) => {
        if (word === 'fail') throw new Error(`no word for ${CANARY}`);
        return { text: `${this.dictionary.greeting}, ${word === 'tell' ? CANARY : word}!` };
      }),
    );
  }
}

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@UseGuards(Nobody)
@TaskAgent({ name: 'guarded-batch', input: Word, output: Text, batch })
class Guarded {
  async executeBatch(inputs: readonly { word: string }[]): Promise<PromiseSettledResult<{ text: string }>[]> {
    return inputs.map(() => ({ status: 'fulfilled', value: { text: '' } }));
  }
}

const News = defineTopic({ name: 'news', payload: Text });
const heard: string[] = [];

@PubSubAgent({ name: 'listen', subscribes: [News] })
class Listen {
  constructor(@Inject(Dictionary) private readonly dictionary: Dictionary) {}

  execute({ payload }: { payload: { text: string } }): void {
    heard.push(`${this.dictionary.greeting} ${payload.text}`);
  }
}

@TaskAgent({ name: 'tell', input: Word, output: Word, publishes: [News] })
class Tell {
  async execute({ word }: { word: string }, ctx: TaskContext): Promise<{ word: string }> {
    await ctx.publish(News, { text: word });
    return { word };
  }
}

const problemsOf = async (options: TestAppOptions): Promise<readonly string[]> =>
  ((await startApp(options).catch((error: unknown) => error)) as ConfigError).problems;

describe('an agent that runs in batches', () => {
  it('is a provider like others: several tasks share a call on its instance, each with its own outcome', async () => {
    const { engine, url } = await startApp({ providers: [GreetAll] });
    const tasks = ['Ada', 'fail'].map((word) => ({ key: word, agent: 'greet-all', input: { word }, failureStrategy: 'skip' as const }));
    const { id } = await engine.submitJob({ name: 'all', tasks });
    await ended(engine, id);
    const { tasks: told } = await dataOf<{ tasks: { nodes: object[] } }>(
      url,
      `{ tasks(filter: { jobId: "${id}", agent: "greet-all" }) { nodes { key status output error { message } } } }`,
    );
    expect(told.nodes).toEqual([
      { key: 'Ada', status: 'COMPLETED', output: { text: 'Hello, Ada!' }, error: null },
      { key: 'fail', status: 'FAILED', output: null, error: { message: `no word for ${CANARY}` } },
    ]);
  });

  it('keeps no secret', async () => {
    const { engine, url } = await startApp({ providers: [GreetAll], taskloom: { secrets: { key: secret(CANARY) } } });
    const tasks = ['tell', 'fail'].map((word) => ({ key: word, agent: 'greet-all', input: { word }, failureStrategy: 'skip' as const }));
    const { id } = await engine.submitJob({ name: 'all', tasks });
    await ended(engine, id);
    const stored = JSON.stringify([
      await engine.reader.taskOutputs([{ jobId: id, no: 1 }], 1_000),
      await engine.reader.tasks({ jobId: id }, { first: 9 }),
      await dataOf(url, `{ events(jobId: "${id}") { data } }`),
    ]);
    expect(stored).not.toContain(CANARY);
    expect(stored).toContain('Hello, [secret:key]!');
    expect(stored).toContain('no word for [secret:key]');
  });

  it('is refused at boot with guards around it, since a batch has no caller to ask about', async () => {
    expect(await problemsOf({ providers: [Guarded] })).toEqual([expect.stringMatching(/Guarded.*in batches.*@UseGuards/)]);
    const prepare: TestAppOptions['prepare'] = (app) => app.useGlobalGuards(new Nobody());
    expect(await problemsOf({ providers: [GreetAll], prepare })).toEqual([
      expect.stringMatching(/GreetAll.*global guards.*globalEnhancers/),
    ]);
    await expect(startApp({ providers: [GreetAll], prepare, taskloom: { globalEnhancers: false } })).resolves.toBeDefined();
  });
});

describe('an agent that hears messages', () => {
  it('is a provider like others', async () => {
    const { engine } = await startApp({ providers: [Listen, Tell] });
    const { id } = await engine.submitJob({ name: 'news', tasks: [{ key: 'a', agent: 'tell', input: { word: 'rain' } }] });
    await ended(engine, id);
    expect(heard).toEqual(['Hello rain']);
  });
});
