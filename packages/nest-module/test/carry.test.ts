import { AsyncLocalStorage } from 'node:async_hooks';

import { Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Engine, Flow, TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { InjectTaskloom, type CarryOptions, type TaskloomModuleOptions } from '../src/index.js';
import { ask } from './support/ask.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';

afterEach(stopApps);

interface RequestContext {
  readonly user: string;
}

/** Where the application keeps what belongs to a request. */
const requests = new AsyncLocalStorage<RequestContext>();
const user = (): string => requests.getStore()?.user ?? 'nobody';

const carry: CarryOptions = {
  capture: ({ api }) => {
    if (api) return { user: String(api.request.headers['x-user'] ?? api.caller.name ?? 'unknown') };
    const context = requests.getStore();
    return context && { user: context.user };
  },
  run: (carried, next) => requests.run({ user: String(carried['user']) }, next),
};

const Nothing = z.object({});
const Who = z.object({ who: z.string() });

@TaskAgent({ name: 'who', input: Nothing, output: Who })
class WhoAmI {
  async execute(): Promise<{ who: string }> {
    await Promise.resolve();
    return { who: user() };
  }
}

@TaskAgent({ name: 'start-another', input: Nothing, output: Who })
class StartAnother {
  constructor(@InjectTaskloom() private readonly taskloom: Engine) {}

  async execute(): Promise<{ who: string }> {
    const job = await this.taskloom.startWorkflow(WhoPlans, {});
    return job.result();
  }
}

@Workflow({ name: 'who-plans', input: Nothing })
class WhoPlans {
  plan(flow: Flow) {
    return flow.add(WhoAmI, {}).named(`planned-for-${user()}`).out;
  }
}

const start = (taskloom: TaskloomModuleOptions = { carry }) => startApp({ taskloom, providers: [WhoAmI, StartAnother, WhoPlans] });

async function outputOf(engine: Engine, agent: string): Promise<unknown> {
  const job = await engine.submitJob({ name: 'x', tasks: [{ key: 'a', agent, input: {} }] });
  await job.result();
  return (await engine.reader.taskOutputs([{ jobId: job.id, no: 1 }], 1_000))[0]!.value;
}

describe('what a job carries', () => {
  it('is there around each attempt of a job that code has started, and nothing is where there was nothing', async () => {
    const { engine } = await start();
    expect(await requests.run({ user: 'ada' }, () => outputOf(engine, 'who'))).toEqual({ who: 'ada' });
    expect(await outputOf(engine, 'who')).toEqual({ who: 'nobody' });
  });

  it('goes on into jobs that its agents start', async () => {
    const { engine } = await start();
    expect(await requests.run({ user: 'ada' }, () => outputOf(engine, 'start-another'))).toEqual({ who: 'ada' });
  });

  it('is what was given where the application gives it itself', async () => {
    const { engine } = await start();
    const job = await requests.run({ user: 'ada' }, () => engine.startWorkflow('who-plans', {}, { carried: { user: 'eve' } }));
    expect(await job.result()).toEqual({ who: 'eve' });
  });

  it('comes from the request of a caller of the API, and is there while the job is planned', async () => {
    const { url, engine } = await start({
      carry,
      api: { authorize: ({ headers }) => ({ name: `caller ${String(headers['x-user'])}` }) },
    });
    const answer = await post(url, 'mutation { startWorkflow(name: "who-plans", input: {}) { id } }', { 'x-user': 'ada' });
    const { id } = answer.json().data!['startWorkflow'] as { id: string };
    expect(await engine.job(id).result()).toEqual({ who: 'ada' });
    expect((await engine.reader.task(`${id}:1`))?.key).toBe('planned-for-ada');
    expect((await engine.reader.events(id, 0, 1))[0]).toMatchObject({ type: 'JOB_SUBMITTED', actor: 'user:caller ada' });
  });

  it('is restored after a restart', async () => {
    const store = await tempStore();
    @TaskAgent({ name: 'wait-then-who', input: Nothing, output: Who })
    class WaitThenWho {
      static hold: () => Promise<void>;
      static begun: () => void;

      async execute(_input: object, _ctx: TaskContext): Promise<{ who: string }> {
        WaitThenWho.begun();
        await WaitThenWho.hold();
        return { who: user() };
      }
    }
    const begun = new Promise<void>((resolve) => (WaitThenWho.begun = resolve));
    WaitThenWho.hold = () => new Promise(() => undefined);
    const first = await startApp({ taskloom: { carry, store, shutdownGrace: 1 }, providers: [WaitThenWho] });
    const { id } = await requests.run({ user: 'ada' }, () =>
      first.engine.submitJob({ name: 'x', tasks: [{ key: 'a', agent: 'wait-then-who', input: {} }] }),
    );
    await begun;
    await first.app.close();

    WaitThenWho.hold = () => Promise.resolve();
    const second = await startApp({ taskloom: { carry, store }, providers: [WaitThenWho] });
    await second.engine.job(id).result();
    expect((await second.engine.reader.taskOutputs([{ jobId: id, no: 1 }], 1_000))[0]!.value).toEqual({ who: 'ada' });
  });

  it('is there for guards, too', async () => {
    @Injectable()
    class AdaOnly implements CanActivate {
      canActivate(): boolean {
        return user() === 'ada';
      }
    }
    @UseGuards(AdaOnly)
    @TaskAgent({ name: 'private', input: Nothing, output: Who })
    class Private {
      execute(): { who: string } {
        return { who: user() };
      }
    }
    const { engine } = await startApp({ taskloom: { carry }, providers: [Private] });
    expect(await requests.run({ user: 'ada' }, () => outputOf(engine, 'private'))).toEqual({ who: 'ada' });
    await expect(requests.run({ user: 'bob' }, () => outputOf(engine, 'private'))).rejects.toMatchObject({ code: 'JOB_FAILED' });
  });

  it('is not shown by the API', async () => {
    const { url, engine } = await start();
    const job = await engine.startWorkflow('who-plans', {}, { carried: { user: 'ada', token: 'canary' } });
    await job.result();
    const { data } = await ask(
      url,
      'query ($id: ID!) { job(id: $id) { id name input metadata } events(jobId: $id) { type data } graph: jobGraph(jobId: $id, format: JSON, detail: DETAILED) }',
      { id: job.id },
    );
    expect(JSON.stringify(data)).toContain(job.id);
    expect(JSON.stringify(data)).not.toContain('canary');
  });

  it('that cannot be captured refuses the job', async () => {
    const failing: CarryOptions = {
      ...carry,
      capture: () => {
        throw new Error('no session');
      },
    };
    const { url, engine } = await start({ carry: failing });
    await expect(engine.startWorkflow('who-plans', {})).rejects.toThrow('no session');
    const { errors } = await ask(url, 'mutation { submitJob(job: { name: "x", tasks: [] }) { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(await engine.reader.countJobs({})).toBe(0);
  });
});

describe('the option', () => {
  it('is checked at boot', async () => {
    const wrong = { capture: 5, runs: () => undefined } as unknown as CarryOptions;
    await expect(start({ carry: wrong })).rejects.toMatchObject({
      problems: [
        '`carry.runs` is no option; did you mean `carry.run`?',
        '`carry.capture` must be a function.',
        '`carry.run` must be a function.',
      ],
    });
  });
});
