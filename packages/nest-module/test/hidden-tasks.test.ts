import { afterEach, describe, expect, it } from '@jest/globals';
import { TaskAgent } from '@taskloom/decorators';
import type { JobSubmission, TaskContext } from '@taskloom/core';
import { VirtualClock } from '@taskloom/core/testing';
import { buildSchema, getNamedType, isLeafType, isObjectType, isRequiredArgument, type GraphQLObjectType } from 'graphql';
import { z } from 'zod';

import type { ApiRequest, AuthorizeHooks, TaskloomModuleOptions } from '../src/index.js';
import { printApiSchema } from '../src/print-api-schema.js';
import { ended } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const Nothing = z.object({});
type Empty = Record<string, never>;

/** Of the hidden tasks, everything that could be told of them has this in it. */
const CANARY = /canary/i;

@TaskAgent({ name: 'canary-fails', description: 'Fails', version: '1', input: Nothing, output: Nothing })
class Fails {
  execute(): Empty {
    throw new Error('canary: out of order');
  }
}

@TaskAgent({ name: 'canary-works', description: 'Works', version: '1', input: Nothing, output: Nothing })
class Works {
  execute(): Empty {
    return {};
  }
}

@TaskAgent({ name: 'seen', description: 'Works', version: '1', input: Nothing, output: Nothing })
class Seen {
  execute(): Empty {
    return {};
  }
}

@TaskAgent({ name: 'breaks', description: 'Fails by itself', version: '1', input: Nothing, output: Nothing })
class Breaks {
  execute(): Empty {
    throw new RangeError('out of paper');
  }
}

@TaskAgent({ name: 'asks', description: 'Asks for what fails', version: '1', input: Nothing, output: Nothing })
class Asks {
  async execute(_input: object, ctx: TaskContext): Promise<Empty> {
    await ctx.need(Fails, {});
    return {};
  }
}

@TaskAgent({ name: 'wraps', description: 'Throws with a cause', version: '1', input: Nothing, output: Nothing })
class Wraps {
  async execute(_input: object, ctx: TaskContext): Promise<Empty> {
    try {
      await ctx.need(Fails, {});
    } catch (cause) {
      throw new Error('could not go on', { cause });
    }
    return {};
  }
}

const Color = z.enum(['red', 'blue']);

@TaskAgent({ name: 'canary-asks', description: 'Asks a person', version: '1', input: Nothing, output: z.any() })
class AsksPerson {
  execute(_input: object, ctx: TaskContext): Promise<unknown> {
    return ctx.ask('canary-question', { question: 'Canary: which color?', schema: Color, deadline: '1h', onTimeout: 'pause' });
  }
}

@TaskAgent({ name: 'asks-too', description: 'Asks a person', version: '1', input: Nothing, output: z.any() })
class AsksToo {
  execute(_input: object, ctx: TaskContext): Promise<unknown> {
    return ctx.ask('color', { question: 'Which color?', schema: Color });
  }
}

const hooks: AuthorizeHooks = {
  caller: ({ headers, connectionParams }: ApiRequest) => ({ name: String(connectionParams?.['name'] ?? headers.authorization) }),
  task: ({ name }, { agent }) => name === 'admin' || agent?.startsWith('canary') !== true,
};

const story = { key: 'story', name: 'Story', type: 'STORY' } as const;
const hidden = (agent: string) => ({ key: 'canary-key', name: 'Canary name', agent, input: {}, parent: 'story' });

const JOBS: Readonly<Record<string, JobSubmission['tasks']>> = {
  'ended by a hidden task': [story, hidden('canary-fails'), { key: 'after', agent: 'seen', input: {}, dependsOn: ['canary-key'] }],
  'with a task skipped because of a hidden one': [
    story,
    { ...hidden('canary-fails'), failureStrategy: 'skip' },
    { key: 'after', agent: 'seen', input: {}, dependsOn: ['canary-key'] },
  ],
  'with a hidden task that completes below a story': [
    story,
    hidden('canary-works'),
    { key: 'beside', agent: 'seen', input: {}, parent: 'story' },
    { key: 'after', agent: 'seen', input: {}, dependsOn: ['canary-key', 'beside'] },
  ],
  'with a task that asked for one that is hidden': [{ key: 'asks', agent: 'asks', input: {} }],
  'with a task that throws the error of a hidden one as its cause': [{ key: 'wraps', agent: 'wraps', input: {} }],
  'with a task that asks what becomes of it': [{ key: 'asks', agent: 'asks', input: {}, failureStrategy: 'ask' }],
  'with a hidden task that stands in for another': [
    { key: 'first', agent: 'breaks', input: {}, routeTo: 'canary-key' },
    { key: 'canary-key', name: 'Canary name', agent: 'canary-fails', input: {} },
  ],
};

async function start(
  more: TaskloomModuleOptions = {},
): Promise<TestApp & { readonly as: (name: string, query: string) => Promise<string> }> {
  const providers = [Fails, Works, Seen, Breaks, Asks, Wraps, AsksPerson, AsksToo];
  const app = await startApp({ taskloom: { api: { authorize: hooks }, ...more }, providers });
  return { ...app, as: async (name, query) => (await post(app.url, query, { authorization: name })).body };
}

const schema = buildSchema(await printApiSchema());

/** Every field of a type; of the tasks, jobs and lists of them behind it the fields that name them. */
function everyField(type: GraphQLObjectType, levels = 3): string {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  return fields
    .map(({ name, type: of }) => {
      const inner = getNamedType(of);
      if (isLeafType(inner)) return name === 'totalCount' ? '' : name;
      if (!isObjectType(inner) || levels === 0 || name === 'edges') return '';
      if (inner.name === 'Task') return `${name} { key name statusMessage }`;
      const below = everyField(inner, levels - 1);
      return below.trim() === '' ? '' : `${name} { ${below} }`;
    })
    .join(' ');
}

const everyFieldOf = (name: string): string => everyField(schema.getType(name) as GraphQLObjectType);

describe('a job', () => {
  it.each(Object.entries(JOBS))('%s tells nothing of it to whoever may not see it', async (_what, tasks) => {
    const app = await start();
    const submitted = await app.engine.submitJob({ name: 'job', tasks, options: { idempotencyKey: 'one' } });
    const { id } = submitted;
    const isAsking = tasks.some(({ failureStrategy }) => failureStrategy === 'ask');
    if (isAsking) {
      for await (const { type } of app.engine.events(id)) if (type === 'HUMAN_REQUESTED') break;
    } else await ended(app.engine, id);

    const queries = [
      `{ job(id: "${id}") { ${everyFieldOf('Job')} } }`,
      `{ jobs { nodes { ${everyFieldOf('Job')} } } }`,
      `{ job(id: "${id}") { tasks { nodes { ${everyFieldOf('Task')} } } } }`,
      `{ events(jobId: "${id}") { ${everyFieldOf('JobEvent')} } }`,
      `{ humanRequests(jobId: "${id}") { ${everyFieldOf('HumanRequest')} } }`,
    ];
    for (const query of queries) {
      const told = await app.as('ada', query);
      expect(told).not.toContain('"errors"');
      expect(told).not.toMatch(CANARY);
    }
    // What is looked for is there.
    expect(await app.as('admin', queries[2]!)).toMatch(CANARY);

    if (isAsking) return void (await app.engine.cancelJob(id));
    for (const stream of [
      `jobEvents(jobId: "${id}") { ${everyFieldOf('JobEvent')} }`,
      `taskUpdated(jobId: "${id}") { ${everyFieldOf('Task')} }`,
      `jobUpdated(jobId: "${id}") { ${everyFieldOf('Job')} }`,
    ]) {
      const heard = await resultsOf(watch(app.socketUrl, `subscription { ${stream} }`, {}, { connectionParams: { name: 'ada' } }));
      expect(heard.length).toBeGreaterThan(0);
      expect(heard.filter(({ errors }) => errors)).toEqual([]);
      expect(JSON.stringify(heard)).not.toMatch(CANARY);
    }
  });
});

describe('what stands in the place of the untold', () => {
  const UNTOLD = 'Told only to whoever may see every task that it has to do with.';

  async function jobWith(app: TestApp, what: keyof typeof JOBS): Promise<string> {
    const { id } = await app.engine.submitJob({ name: 'job', tasks: JOBS[what]! });
    await ended(app.engine, id);
    return id;
  }

  it('is neutral; status, reason and code stay', async () => {
    const app = await start();
    const id = await jobWith(app, 'ended by a hidden task');
    const query = `{ job(id: "${id}") { error { code message causes details } tasks { nodes { key statusReason statusMessage } } } }`;
    expect(JSON.parse(await app.as('ada', query))).toMatchObject({
      data: {
        job: {
          error: { code: 'JOB_FAILED', message: UNTOLD, causes: [], details: null },
          tasks: {
            nodes: [
              { key: 'objective', statusReason: 'CHILD_FAILED', statusMessage: UNTOLD },
              { key: 'story', statusReason: 'CHILD_FAILED', statusMessage: UNTOLD },
              { key: 'after', statusReason: 'JOB_FAILED', statusMessage: UNTOLD },
            ],
          },
        },
      },
    });
    expect(await app.as('admin', query)).toContain('Failed because \\"canary-key\\" below it failed.');
  });

  it('is not needed where all of it may be seen: summaries, own errors, edges', async () => {
    const app = await start();
    const id = await jobWith(app, 'with a hidden task that completes below a story');
    const query = `{ job(id: "${id}") { tasks { nodes { key summary dependencyCount dependencyEdges { taskId } } } } }`;
    const tasksFor = async (name: string) =>
      (JSON.parse(await app.as(name, query)) as { data: { job: { tasks: { nodes: Record<string, unknown>[] } } } }).data.job.tasks.nodes;
    const [objective, ownStory, beside, after] = await tasksFor('ada');
    expect([objective, ownStory]).toMatchObject([{ summary: UNTOLD }, { summary: UNTOLD }]);
    expect(beside).toMatchObject({ key: 'beside', summary: expect.not.stringContaining(UNTOLD) });
    expect(after).toMatchObject({ key: 'after', dependencyCount: 1, dependencyEdges: [{ taskId: `${id}:3` }] });
    const whole = await tasksFor('admin');
    expect(whole[1]).toMatchObject({ key: 'story', summary: expect.stringContaining('Canary name') });
    expect(whole.at(-1)).toMatchObject({ key: 'after', dependencyCount: 2 });

    const { id: other } = await app.engine.submitJob({ name: 'own', tasks: [{ key: 'own', agent: 'breaks', input: {} }] });
    await ended(app.engine, other);
    expect(await app.as('ada', `{ task(id: "${other}:1") { error { code name message } statusMessage } }`)).toContain(
      '"error":{"code":"AGENT_FAILED","name":"RangeError","message":"out of paper"},"statusMessage":"out of paper"',
    );
  });

  it('stands in what mutations answer, too', async () => {
    const app = await start();
    const id = await jobWith(app, 'with a task skipped because of a hidden one');
    const after = await app.engine.reader.tasks({ jobId: id }, { first: 10 });
    const skipped = after.items.find(({ key }) => key === 'after')!;
    const submit = `mutation { submitJob(job: { name: "again", options: { idempotencyKey: "same" }, tasks: [{ key: "canary-key", agent: "canary-fails", input: {} }] }) { id error { message causes } } }`;
    const first = JSON.parse(await app.as('ada', submit)) as { data: { submitJob: { id: string } } };
    await ended(app.engine, first.data.submitJob.id);
    const again = await app.as('ada', submit);
    expect(again).toContain(UNTOLD);
    expect(again).not.toMatch(CANARY);
    const paused = await app.as('ada', `mutation { pauseTask(id: "${skipped.id}") { id statusMessage } }`);
    expect(paused).not.toMatch(CANARY);
  });
});

describe('why a job has failed', () => {
  const FIELDS = 'error { code message causes details }';

  it('is told where the task that has ended it may be seen, and not otherwise: of a job, in a list, in its events', async () => {
    const app = await start();
    const idOf = async (tasks: JobSubmission['tasks']): Promise<string> => {
      const { id } = await app.engine.submitJob({ name: 'job', tasks });
      await ended(app.engine, id);
      return id;
    };
    const own = await idOf([story, { key: 'own', agent: 'breaks', input: {}, parent: 'story' }, hidden('canary-works')]);
    const other = await idOf(JOBS['ended by a hidden task']!);
    const told = {
      code: 'JOB_FAILED',
      message: 'The task "own" failed and its failure strategy is "abort".',
      causes: [],
      details: { taskKey: 'own' },
    };
    const untold = {
      code: 'JOB_FAILED',
      message: 'Told only to whoever may see every task that it has to do with.',
      causes: [],
      details: null,
    };
    const as = async (name: string, query: string): Promise<unknown> => (JSON.parse(await app.as(name, query)) as { data: unknown }).data;
    expect(await as('ada', `{ jobs { nodes { id ${FIELDS}} } }`)).toEqual({
      jobs: {
        nodes: [
          { id: other, error: untold },
          { id: own, error: told },
        ],
      },
    });
    expect(await as('ada', `{ own: job(id: "${own}") { ${FIELDS} } other: job(id: "${other}") { ${FIELDS} } }`)).toEqual({
      own: { error: told },
      other: { error: untold },
    });
    expect(await as('admin', `{ job(id: "${other}") { ${FIELDS} } }`)).toEqual({
      job: {
        error: {
          ...told,
          message: 'The task "canary-key" failed and its failure strategy is "abort".',
          details: { taskKey: 'canary-key' },
        },
      },
    });

    const endOf = async (id: string): Promise<unknown> => {
      const { events } = (await as('ada', `{ events(jobId: "${id}") { type taskId taskKey data } }`)) as { events: { type: string }[] };
      return events.find(({ type }) => type === 'JOB_FAILED');
    };
    const { causes: _none, ...error } = told;
    expect(await endOf(own)).toMatchObject({ taskId: `${own}:2`, taskKey: 'own', data: { error } });
    expect(await endOf(other)).toEqual({
      type: 'JOB_FAILED',
      taskId: null,
      taskKey: null,
      data: { error: { code: 'JOB_FAILED', message: untold.message } },
    });
  });
});

describe('a hidden task that another one stands in for', () => {
  it('is not named by it', async () => {
    const { as, engine } = await start();
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'canary-key', agent: 'canary-fails', input: {}, routeTo: 'instead' },
        { key: 'instead', agent: 'seen', input: {} },
      ],
    });
    await ended(engine, id);
    const query = `{ task(id: "${id}:2") { why { agent { name by standsInFor } } } }`;
    const agent = { name: 'seen', by: 'NAME', standsInFor: `${id}:1` };
    expect(JSON.parse(await as('admin', query))).toEqual({ data: { task: { why: { agent } } } });
    expect(JSON.parse(await as('ada', query))).toEqual({ data: { task: { why: { agent: { ...agent, standsInFor: null } } } } });
  });
});

describe('a question about a hidden task', () => {
  interface Heard {
    readonly why: { readonly code: string; readonly blockers: readonly string[]; readonly requests: readonly string[] }[];
    readonly events: { readonly type: string; readonly data: Readonly<Record<string, unknown>> | null }[];
  }

  const heard = async ({ as }: Awaited<ReturnType<typeof start>>, name: string, id: string): Promise<Heard> => {
    const answer = await as(
      name,
      `{ job(id: "${id}") { tasks { nodes { why { code blockers requests } } } } events(jobId: "${id}") { type data } }`,
    );
    const { job, events } = (
      JSON.parse(answer) as { data: { job: { tasks: { nodes: { why: Heard['why'][number] }[] } }; events: Heard['events'] } }
    ).data;
    return { why: job.tasks.nodes.map(({ why }) => why), events };
  };
  const withdrawn = ({ events }: Heard): unknown[] => events.filter(({ type }) => type === 'HUMAN_WITHDRAWN').map(({ data }) => data);
  const until = async (app: TestApp, id: string, asked: number): Promise<void> => {
    let count = 0;
    for await (const { type } of app.engine.events(id)) if (type === 'HUMAN_REQUESTED' && (count += 1) === asked) return;
  };

  it('is named neither as what a task waits for nor when it needs no answer any more', async () => {
    const app = await start();
    const { id } = await app.engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'canary-key', name: 'Canary name', agent: 'canary-fails', input: {}, failureStrategy: 'ask' },
        { key: 'after', agent: 'seen', input: {}, runAt: Date.now() + 3_600_000 },
      ],
    });
    await until(app, id, 1);
    const decision = { code: 'JOB_WAITS_FOR_DECISION', blockers: [`${id}:1`], requests: [`${id}:q1`] };
    expect((await heard(app, 'admin', id)).why).toContainEqual(decision);
    expect((await heard(app, 'ada', id)).why).toContainEqual({ ...decision, blockers: [], requests: [] });
    await app.engine.cancelJob(id);
    expect(withdrawn(await heard(app, 'admin', id))).toEqual([{ requests: [`${id}:q1`] }]);
    const told = await heard(app, 'ada', id);
    expect(withdrawn(told)).toEqual([]);
    expect(JSON.stringify(told)).not.toContain(':q1');
  });

  it('is left out where it is withdrawn together with others', async () => {
    const app = await start();
    const { id } = await app.engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'canary-key', name: 'Canary name', agent: 'canary-asks', input: {} },
        { key: 'own', agent: 'asks-too', input: {} },
      ],
    });
    await until(app, id, 2);
    await app.engine.cancelJob(id);
    const own = (await app.engine.reader.humanRequests({ jobId: id }, { first: 10 })).items.find(({ taskId }) => taskId === `${id}:2`)!;
    expect(withdrawn(await heard(app, 'admin', id))).toEqual([{ requests: expect.arrayContaining([`${id}:q1`, `${id}:q2`]) }]);
    expect(withdrawn(await heard(app, 'ada', id))).toEqual([{ requests: [own.id] }]);
    const stream = watch(
      app.socketUrl,
      `subscription { jobEvents(jobId: "${id}") { type data } }`,
      {},
      { connectionParams: { name: 'ada' } },
    );
    expect(JSON.stringify(await resultsOf(stream))).not.toMatch(CANARY);
  });

  it('that nobody answered in time is not named by the hold that it has placed', async () => {
    const clock = new VirtualClock();
    const app = await start({ clock });
    const { id } = await app.engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'canary-key', name: 'Canary name', agent: 'canary-asks', input: {} },
        { key: 'after', agent: 'seen', input: {}, dependsOn: ['canary-key'] },
      ],
    });
    const holds = (told: Heard): unknown[] => told.events.filter(({ type }) => type === 'HOLD_PLACED').map(({ data }) => data);
    while (holds(await heard(app, 'admin', id)).length === 0) await clock.advance(3_600_000);
    expect(holds(await heard(app, 'admin', id))).toEqual([{ reason: 'Nobody answered "canary-question" in time.', request: `${id}:q1` }]);
    expect(holds(await heard(app, 'ada', id))).toEqual([{ reason: 'Told only to whoever may see every task that it has to do with.' }]);
    for (const query of [
      `{ job(id: "${id}") { ${everyFieldOf('Job')} tasks { nodes { ${everyFieldOf('Task')} } } } }`,
      `{ events(jobId: "${id}") { ${everyFieldOf('JobEvent')} } }`,
    ]) {
      const told = await app.as('ada', query);
      expect(told).not.toContain('"errors"');
      expect(told).not.toMatch(CANARY);
    }
    await app.engine.cancelJob(id);
  });
});
