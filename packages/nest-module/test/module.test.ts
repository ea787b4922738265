import 'reflect-metadata';

import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Global, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory, REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { defineAgent, definePlugin, defineWorkflow, type AgentClass, type ConfigError, type Engine } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import {
  getTaskloomToken,
  InjectTaskloom,
  TASKLOOM_ENGINE,
  TASKLOOM_MODULE_OPTIONS,
  TaskloomModule,
  type TaskloomModuleOptions,
  type TaskloomRole,
  type TaskloomOptionsFactory,
} from '../src/index.js';
import { parseModuleOptions } from '../src/taskloom.options.js';
import { runWelcome } from './support/jobs.js';
import { startApp, stopApps } from './support/start-app.js';
import { AGENTS } from './support/agents.js';
import { Gate } from './support/gate.js';
import { removeTempStores, tempStore } from './support/temp-store.js';

const contexts: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await stopApps();
  await removeTempStores();
});

/** A standalone context: no HTTP server at all. */
async function standalone(metadata: Parameters<typeof Module>[0]): Promise<{ engine: Engine; get: (token: unknown) => unknown }> {
  class Root {}
  const context = await NestFactory.createApplicationContext({ module: Root, ...metadata }, { logger: false, abortOnError: false });
  contexts.push(context);
  return {
    engine: context.get<Engine>(TASKLOOM_ENGINE, { strict: false }),
    get: (token) => context.get(token as never, { strict: false }),
  };
}

const Text = z.object({ text: z.string() });
const Nothing = z.object({});

describe('forRoot', () => {
  it('runs decorated providers of any module, with ordinary injection, without an HTTP server', async () => {
    @Module({ providers: [...AGENTS, { provide: Gate, useValue: new Gate() }] })
    class FarAwayModule {}
    const { engine } = await standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore() }), FarAwayModule] });
    const id = await runWelcome(engine);
    expect(await engine.job(id).result()).toEqual({ text: 'HELLO, ADA!' });
  });

  it('takes agents and workflows that are defined as functions too', async () => {
    const double = defineAgent({
      name: 'double',
      input: z.object({ n: z.number() }),
      output: z.object({ n: z.number() }),
      execute: ({ n }) => ({ n: 2 * n }),
    });
    const twice = defineWorkflow({
      name: 'twice',
      input: z.object({ n: z.number() }),
      plan: (flow, { n }) => flow.add(double, flow.add(double, { n }).out).out,
    });
    const { engine } = await standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore(), definitions: [double, twice] })] });
    expect(await (await engine.startWorkflow(twice, { n: 3 })).result()).toEqual({ n: 12 });
  });

  it('lends the engine to providers', async () => {
    @Injectable()
    class Desk {
      constructor(@InjectTaskloom() readonly taskloom: Engine) {}
    }
    const { engine, get } = await standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore() })], providers: [Desk] });
    expect((get(Desk) as Desk).taskloom).toBe(engine);
    expect(get(getTaskloomToken())).toBe(engine);
  });

  it('is global where that was said', async () => {
    @Injectable()
    class Desk {
      constructor(@InjectTaskloom() readonly taskloom: Engine) {}
    }
    @Module({ providers: [Desk] })
    class DeskModule {}
    const { engine, get } = await standalone({
      imports: [TaskloomModule.forRoot({ store: await tempStore(), isGlobal: true }), DeskModule],
    });
    expect((get(Desk) as Desk).taskloom).toBe(engine);
  });

  it('works in @nestjs/testing, with agents that a test overrides', async () => {
    const testing = await Test.createTestingModule({
      imports: [TaskloomModule.forRoot({ store: await tempStore() })],
      providers: [...AGENTS, { provide: Gate, useValue: new Gate() }],
    })
      .overrideProvider(AGENTS[0]!)
      .useValue({ greeting: 'Hi' })
      .compile();
    const app = testing.createNestApplication();
    contexts.push(app);
    await app.listen(0, '127.0.0.1');
    const engine = app.get<Engine>(TASKLOOM_ENGINE);
    const response = await fetch(`${await app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation ($input: JSON!) { startWorkflow(name: "welcome", input: $input) { id } }',
        variables: { input: { name: 'A'.repeat(200_000) } },
      }),
    });
    const { data } = (await response.json()) as { data: { startWorkflow: { id: string } } };
    expect(await engine.job(data.startWorkflow.id).result()).toMatchObject({ text: expect.stringMatching(/^HI, AAA/) });
  });
});

describe('a test of an application', () => {
  it('needs no HTTP server and no file', async () => {
    const app = await Test.createTestingModule({
      imports: [TaskloomModule.forRoot({ store: { path: ':memory:' } })],
      providers: [...AGENTS, { provide: Gate, useValue: new Gate() }],
    }).compile();
    contexts.push(app);
    await app.init();
    const engine = app.get<Engine>(TASKLOOM_ENGINE);
    expect(await engine.job(await runWelcome(engine)).result()).toEqual({ text: 'HELLO, ADA!' });
  });
});

describe('forRootAsync', () => {
  @Injectable()
  class Settings implements TaskloomOptionsFactory {
    static options: TaskloomModuleOptions = {};

    createTaskloomOptions(): TaskloomModuleOptions {
      return Settings.options;
    }
  }
  @Global()
  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each([
    [
      'useFactory',
      () =>
        TaskloomModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: async (settings: Settings) => Promise.resolve(settings.createTaskloomOptions()),
        }),
    ],
    ['useClass', () => TaskloomModule.forRootAsync({ useClass: Settings })],
    ['useExisting', () => TaskloomModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings })],
  ])('takes options by %s', async (_how, module) => {
    Settings.options = { store: await tempStore(), maxParallel: 3, name: 'by settings' };
    const { engine, get } = await standalone({ imports: [module()], providers: [...AGENTS, { provide: Gate, useValue: new Gate() }] });
    expect(get(TASKLOOM_MODULE_OPTIONS)).toBe(Settings.options);
    expect(engine.name).toBe('by settings');
    await runWelcome(engine);
  });
});

describe('options', () => {
  it('C1: that are wrong are all listed, with the names they were probably meant to be', async () => {
    const options = {
      maxParalel: 3,
      shutdownGrace: 'soon',
      api: {
        pathh: '/x',
        path: 'graphql',
        allowAnonymous: 'yes',
        authorize: 5,
        allowedOrigins: ['app.example.org/x'],
        limits: { depht: 3, depth: 0, cost: 1.5 },
      },
    } as unknown as TaskloomModuleOptions;
    const failure = (await standalone({ imports: [TaskloomModule.forRoot(options)] }).catch((error: unknown) => error)) as ConfigError;
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.problems).toEqual([
      '`maxParalel` is no option; did you mean `maxParallel`?',
      expect.stringContaining('`shutdownGrace` is "soon"'),
      '`api.pathh` is no option; did you mean `api.path`?',
      expect.stringContaining('`api.path` is "graphql"'),
      expect.stringContaining('`api.authorize` is 5'),
      expect.stringContaining('contradict each other'),
      expect.stringContaining('`api.allowedOrigins` has "app.example.org/x"'),
      expect.stringContaining('`api.allowAnonymous` is "yes"'),
      '`api.limits.depht` is no option; did you mean `api.limits.depth`?',
      expect.stringContaining('`api.limits.depth` is 0'),
      expect.stringContaining('`api.limits.cost` is 1.5'),
    ]);
  });

  it('C1: that are wrong further in are named with their place', async () => {
    const options = { store: { pth: 'x' }, limits: { tasksPerJop: 1 }, cache: { entrys: 1 } } as unknown as TaskloomModuleOptions;
    await expect(standalone({ imports: [TaskloomModule.forRoot(options)] })).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.stringContaining('did you mean `store.path`?'),
        expect.stringContaining('did you mean `limits.tasksPerJob`?'),
        expect.stringContaining('did you mean `cache.entries`?'),
      ]),
    });
  });

  it('C3: of a store that would lose or could not keep anything are refused', async () => {
    const { path } = await tempStore();
    const folder = dirname(path);
    await writeFile(join(folder, 'file'), '');
    const fails = (store: TaskloomModuleOptions['store'], more: TaskloomModuleOptions = {}) =>
      standalone({ imports: [TaskloomModule.forRoot({ ...more, ...(store ? { store } : {}) })] }).catch((error: unknown) => error);
    expect(await fails({ path: ':memory:' }, { preset: 'production' })).toMatchObject({
      problems: [expect.stringContaining('keeps nothing when the process ends')],
    });
    expect(await fails({ path, synchronous: 'OFF' } as never)).toMatchObject({
      problems: [expect.stringContaining('it must be FULL, or NORMAL')],
    });
    for (const wrong of [folder, join(folder, 'file', 'taskloom.db')])
      expect(await fails({ path: wrong })).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(wrong) });
  });

  it('C9: with a prototype, a circle or a getter are read as what they are, and pollute nothing', async () => {
    const circle: Record<string, unknown> = {};
    circle['path'] = circle;
    const options = JSON.parse('{"__proto__":{"polluted":true},"api":{"__proto__":{"path":"/x"},"constructor":{}}}') as Record<
      string,
      unknown
    >;
    options['store'] = circle;
    Object.defineProperty(options, 'maxParallel', { enumerable: true, get: () => 0 });
    await expect(standalone({ imports: [TaskloomModule.forRoot(options as TaskloomModuleOptions)] })).rejects.toMatchObject({
      problems: expect.arrayContaining([
        '`__proto__` is no option.',
        expect.stringMatching(/^`api.__proto__` is no option/),
        expect.stringMatching(/^`api.constructor` is no option/),
        expect.stringContaining('`store.path` must name a file'),
        expect.stringContaining('`maxParallel` is 0'),
      ]),
    });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('of the engine are checked at boot too', async () => {
    const mixed = { maxParallel: 0, shutdownGrace: 'soon', globalEnhancers: 'no' } as unknown as TaskloomModuleOptions;
    await expect(standalone({ imports: [TaskloomModule.forRoot(mixed)] })).rejects.toMatchObject({
      problems: [
        expect.stringContaining('`shutdownGrace` is "soon"'),
        expect.stringContaining('`globalEnhancers` is no'),
        expect.stringContaining('maxParallel'),
      ],
    });
    await expect(standalone({ imports: [TaskloomModule.forRoot({ maxParallel: 0 })] })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [expect.stringContaining('maxParallel')],
    });
    const wrong = { cache: { entries: 0 }, redact: 'all' } as unknown as TaskloomModuleOptions;
    await expect(standalone({ imports: [TaskloomModule.forRoot(wrong)] })).rejects.toMatchObject({
      problems: [expect.stringContaining('`cache.entries` is 0'), expect.stringContaining('`redact` must be a function')],
    });
  });
});

describe('roles', () => {
  it('are both by default, and may be said', async () => {
    const { engine } = await standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore(), roles: ['worker', 'api'] })] });
    expect(engine.agents()).toEqual([]);
  });

  it.each([[['api']], [['worker']]])('%s alone is refused on SQLite', async (roles) => {
    await expect(
      standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore(), roles: roles as TaskloomRole[] })] }),
    ).rejects.toMatchObject({ code: 'SQLITE_SINGLE_PROCESS', remedy: expect.stringContaining('`api: false`') });
  });

  it('on PostgreSQL may be parted', () => {
    const store = { type: 'postgres', url: 'postgres://user:secret@db.invalid/app' } as const;
    expect(parseModuleOptions({ store, roles: ['worker'] }).api).toBeNull();
    expect(parseModuleOptions({ store, roles: ['api'] }).api).not.toBeNull();
    expect(parseModuleOptions({ store }).api).not.toBeNull();
  });

  it.each([[[]], [['web']], ['api'], [5], [null]])('%j is refused', async (roles) => {
    await expect(
      standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore(), roles: roles as unknown as TaskloomRole[] })] }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID', problems: [expect.stringContaining('`roles` is')] });
  });
});

describe('faults in agents and workflows', () => {
  it('make boot fail with one list of all of them', async () => {
    @TaskAgent({ name: 'same', input: Nothing, output: Text })
    class First {
      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'same', input: Nothing, output: Text })
    class Second {
      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'twice', input: Nothing, output: Text })
    class Twice {
      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'dated', input: Nothing, output: z.object({ at: z.date() }) })
    class Dated {
      execute(): { at: Date } {
        return { at: new Date() };
      }
    }
    @Workflow({ name: 'flow', input: Nothing })
    class Flow {
      plan(): void {}
    }
    @Module({ providers: [Twice] })
    class LeftModule {}
    @Module({ providers: [Twice] })
    class RightModule {}
    @TaskAgent({ name: 'reviewed', input: Nothing, output: Text, review: { by: { agent: 'sam' } }, limits: ['printers'] })
    class Reviewed {
      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'bare' })
    class Bare {
      execute(): void {}
    }
    const other = defineWorkflow({ name: 'flow', input: Nothing, plan: () => undefined });
    const failure = (await standalone({
      imports: [
        TaskloomModule.forRoot({
          store: await tempStore(),
          definitions: [other],
          planner: 'nobody',
          namedLimits: { printer: { concurrency: 1 } },
        }),
        LeftModule,
        RightModule,
      ],
      providers: [First, Second, Dated, Flow, Reviewed, Bare],
    }).catch((error: unknown) => error)) as ConfigError;
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.problems.map(String)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/class Twice is a provider of LeftModule and RightModule/),
        expect.stringMatching(/output schema of .*"dated".*Dated/),
        '2 agents are called "same": class First and class Second. Rename all but one.',
        '2 workflows are called "flow": one of `definitions` and class Flow. Rename all but one.',
        'The agent "reviewed" is reviewed by the agent "sam", which does not exist; did you mean "same"?',
        '`planner` names the agent "nobody", which does not exist. Add it to the providers of a module.',
        expect.stringMatching(/"reviewed" names the limit "printers".*did you mean printer\?/),
        expect.stringMatching(/^The agent "bare" \(class Bare\) gives no input schema.*Run `npx taskloom generate`(?!.*class Bare\)$)/),
      ]),
    );
    expect(failure.problems).toHaveLength(8);
    expect(failure.message).toMatch(/^8 problems:\n {2}- /);
  });

  it('stand in one list with options that are wrong, each with its fix', async () => {
    @TaskAgent({ name: 'same', input: Nothing, output: Text, limits: ['printers'] })
    class First {
      constructor(@InjectTaskloom() readonly engine: Engine) {}

      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'same', input: Nothing, output: Text })
    class Second {
      execute(): { text: string } {
        return { text: '' };
      }
    }
    @TaskAgent({ name: 'dated', input: Nothing, output: z.object({ at: z.date() }) })
    class Dated {
      execute(): { at: Date } {
        return { at: new Date() };
      }
    }
    @Workflow({ name: 'flow', input: Nothing })
    class Flow {
      plan(): void {}
    }
    const other = defineWorkflow({ name: 'flow', input: Nothing, plan: () => undefined });
    const problemsWith = async (options: object): Promise<readonly string[]> => {
      const failure = (await standalone({
        imports: [
          TaskloomModule.forRootAsync({
            useFactory: async () => {
              await Promise.resolve();
              return { namedLimits: { printer: { concurrency: 1 } }, definitions: [other], ...options };
            },
          }),
          TaskloomModule.forFeature([class Plain {} as unknown as AgentClass]),
        ],
        providers: [Second, First, Dated, Flow],
      }).catch((error: unknown) => error)) as ConfigError;
      expect(failure.code).toBe('CONFIG_INVALID');
      return failure.problems;
    };
    const faults = [
      expect.stringMatching(/forFeature` lists the class Plain, .*Decorate it with @TaskAgent or @Workflow/),
      expect.stringMatching(/output schema of .*"dated".*Dated/),
      '2 workflows are called "flow": one of `definitions` and class Flow. Rename all but one.',
      '2 agents are called "same": class Second and class First. Rename all but one.',
    ];
    const wrong = { maxParalel: 3, planner: 'nobody', api: { path: 'graphql' }, store: await tempStore() };
    expect(await problemsWith(wrong)).toEqual([
      '`maxParalel` is no option; did you mean `maxParallel`?',
      expect.stringContaining('`api.path` is "graphql"'),
      ...faults,
      '`planner` names the agent "nobody", which does not exist. Add it to the providers of a module.',
      expect.stringMatching(/"same" names the limit "printers".*did you mean printer\?/),
    ]);
    // Without an engine, whose options are wrong, limits are not known.
    expect(await problemsWith({ maxParallel: 0, planner: 5 })).toEqual([
      expect.stringContaining('maxParallel'),
      expect.stringContaining('planner'),
      ...faults,
    ]);
  });

  it('include definitions and manifests that are none', async () => {
    const circle: Record<string, unknown> = {};
    circle['kind'] = circle;
    const wrong = { definitions: [undefined, class Plain {}, circle], manifest: 5 } as unknown as TaskloomModuleOptions;
    await expect(standalone({ imports: [TaskloomModule.forRoot(wrong)] })).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/^`manifest` must be what `npx taskloom generate` wrote/),
        expect.stringMatching(/^`definitions` lists undefined, which is no agent/),
        expect.stringMatching(/^`definitions` lists the class Plain, .*decorated classes are providers/),
        expect.stringMatching(/^`definitions` lists an object with kind, which is no agent/),
      ],
    });
    const none = { definitions: 'all', manifest: null } as unknown as TaskloomModuleOptions;
    await expect(standalone({ imports: [TaskloomModule.forRoot(none)] })).rejects.toMatchObject({
      problems: ['`definitions` must be a list of what defineAgent and defineWorkflow made.'],
    });
  });

  it('include an agent that a plugin has brought already', async () => {
    const mine = defineAgent({ name: 'shared', input: Nothing, output: Nothing, execute: () => ({}) });
    const theirs = defineAgent({ name: 'shared', input: Nothing, output: Nothing, execute: () => ({}) });
    const plugin = definePlugin({ name: 'agents', contributes: { definitions: [theirs] } });
    await expect(
      standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore(), plugins: [plugin], definitions: [mine] })] }),
    ).rejects.toMatchObject({ problems: [expect.stringContaining('Two agents are called "shared"')] });
  });

  it('that are none: one instance under two names, and a factory that makes an agent', async () => {
    @TaskAgent({ name: 'made', input: Nothing, output: Text })
    class Made {
      constructor(readonly word: string) {}

      execute(): { text: string } {
        return { text: this.word };
      }
    }
    const { engine } = await standalone({
      imports: [TaskloomModule.forRoot({ store: await tempStore() })],
      providers: [
        { provide: 'made', useFactory: () => new Made('by a factory') },
        { provide: 'alias', useExisting: 'made' },
      ],
    });
    const handle = await engine.submitJob({ name: 'x', tasks: [{ key: 'a', agent: 'made', input: {} }] });
    await handle.result();
    expect(await engine.reader.taskOutputs([{ jobId: handle.id, no: 1 }], 1_000)).toMatchObject([{ value: { text: 'by a factory' } }]);
  });
});

describe('agents of transient and request scope', () => {
  it('have a new instance for each task, together with what they depend on', async () => {
    const made: number[] = [];
    @Injectable({ scope: Scope.REQUEST })
    class PerTask {
      readonly id = made.push(made.length);
      constructor(@Inject(REQUEST) readonly request: unknown) {}
    }
    @TaskAgent({ name: 'scoped', input: Nothing, output: Text })
    class Scoped {
      constructor(private readonly perTask: PerTask) {}

      execute(): { text: string } {
        return { text: `instance ${this.perTask.id}` };
      }
    }
    const { engine } = await standalone({ imports: [TaskloomModule.forRoot({ store: await tempStore() })], providers: [PerTask, Scoped] });
    const handle = await engine.submitJob({ name: 'x', tasks: ['a', 'b', 'c'].map((key) => ({ key, agent: 'scoped', input: {} })) });
    await handle.result();
    const outputs = await engine.reader.taskOutputs(
      [1, 2, 3].map((no) => ({ jobId: handle.id, no })),
      1_000,
    );
    expect(new Set(outputs.map((output) => (output!.value as { text: string }).text)).size).toBe(3);
  });
});

describe('shutdown', () => {
  it('waits for running tasks, starts no other, and lets the next start go on', async () => {
    const store = await tempStore();
    const { app, engine, gate } = await startApp({ taskloom: { store } });
    const { id } = await engine.submitJob({
      name: 'long',
      tasks: [
        { key: 'a', agent: 'wait', input: {} },
        { key: 'b', agent: 'greet', input: { name: 'Ada' }, dependsOn: ['a'] },
      ],
    });
    await gate.reached;
    const closed = app.close();
    gate.open();
    await closed;

    const next = await startApp({ taskloom: { store } });
    await next.engine.job(id).result();
    const events = await next.engine.reader.events(id, 0, 1_000);
    const starts = events.filter(({ type }) => type === 'TASK_STARTED').map(({ taskKey }) => taskKey);
    expect(starts.filter((key) => key === 'a')).toHaveLength(1);
    expect(starts.filter((key) => key === 'b')).toHaveLength(1);
  });

  it('gives up waiting after the grace time; the task starts again at the next start', async () => {
    const store = await tempStore();
    const { app, engine, gate } = await startApp({ taskloom: { store, shutdownGrace: 20 } });
    const { id } = await engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await gate.reached;
    await app.close();
    const next = await startApp({ taskloom: { store } });
    await next.gate.reached;
    next.gate.open();
    await next.engine.job(id).result();
  });

  it('warns when nobody listens for signals, and not when somebody does', async () => {
    const warnings = async (prepare: (app: { enableShutdownHooks(): unknown }) => void): Promise<string[]> => {
      const warn = jest.fn<(message: string) => void>();
      await startApp({ logger: { log: () => {}, error: () => {}, warn, debug: () => {}, verbose: () => {} }, prepare });
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      await stopApps();
      return warn.mock.calls.map(([message]) => message).filter((message) => message.includes('SIGTERM'));
    };
    expect(await warnings(() => {})).toEqual([expect.stringContaining('app.enableShutdownHooks()')]);
    expect(await warnings((app) => app.enableShutdownHooks())).toEqual([]);
  });

  it('of an application that has no API is just as orderly', async () => {
    const { app, url } = await startApp({ taskloom: { api: false } });
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
    await app.close();
  });
});
