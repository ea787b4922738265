import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { defineAgent, definePlugin, defineWorkflow, task, type EventView } from '@taskloom/core';
import { createClient } from 'graphql-sse';
import { z } from 'zod';

import { secret, TaskloomSecrets, type TaskloomModuleOptions } from '../src/index.js';
import { ended } from './support/jobs.js';
import { CANARY, Echo, Leak, LEAKS, tracesIn } from './support/leaks.js';
import { post, rawHttp } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';
import { closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

class Lines implements LoggerService {
  readonly lines: string[] = [];
  readonly log = (...parts: unknown[]): void => void this.lines.push(parts.map(String).join(' '));
  readonly warn = this.log;
  readonly error = this.log;
  readonly debug = this.log;
}

interface LeakyApp extends TestApp {
  readonly lines: string[];
  /** What is on the disk of the store, whole. */
  readonly stored: () => Promise<string>;
}

async function start(options: TaskloomModuleOptions = {}): Promise<LeakyApp> {
  const store = await tempStore();
  const logger = new Lines();
  const app = await startApp({
    logger,
    providers: [Leak],
    taskloom: { store, definitions: [Echo], secrets: { 'api-key': secret(CANARY) }, ...options },
  });
  const stored = async (): Promise<string> => {
    const directory = dirname(store.path);
    const files = await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name), 'latin1')));
    return files.join('\n');
  };
  return { ...app, lines: logger.lines, stored };
}

const EVERYTHING = `{ name input output metadata error { message causes details } counts { total }
  tasks(first: 100) { nodes { key name input output error { message causes details } summary statusMessage progressMessage why { message } history { data } } } }`;

/** Everything that the API tells of a job. */
async function toldOf(app: TestApp, id: string): Promise<string> {
  const sse = createClient({ url: app.url, retryAttempts: 0 }).iterate({ query: `subscription { jobEvents(jobId: "${id}") { data } }` });
  const answers = [
    (
      await post(
        app.url,
        `{ job(id: "${id}") ${EVERYTHING} events(jobId: "${id}") { data } humanRequests(open: true) { name question about } }`,
      )
    ).body,
    (
      await post(
        app.url,
        `{ dot: jobGraph(jobId: "${id}", format: DOT, detail: DETAILED) json: jobGraph(jobId: "${id}", format: JSON, detail: DETAILED) }`,
      )
    ).body,
    (await post(app.url, `mutation { cancelJob(id: "${id}") { id } }`)).body,
    JSON.stringify(await resultsOf(watch(app.socketUrl, `subscription { jobEvents(jobId: "${id}") { data } }`))),
    JSON.stringify(await resultsOf(sse as AsyncIterable<never>)),
  ];
  return answers.join('\n');
}

describe('the value of a secret', () => {
  it.each(Object.keys(LEAKS))('is nowhere when an agent %s', async (how) => {
    const app = await start();
    const { id } = await app.engine.submitJob({ name: 'leak', tasks: [{ key: 'a', agent: 'leak', input: { how } }] });
    for await (const { type } of app.engine.events(id)) if (type === 'HUMAN_REQUESTED') break;
    const told = await toldOf(app, id);
    await app.app.close();
    const stored = await app.stored();
    expect({ told: tracesIn(told), logs: tracesIn(app.lines.join('\n')), stored: tracesIn(stored) }).toEqual({
      told: [],
      logs: [],
      stored: [],
    });
    // It was there to be found.
    expect(`${told} ${app.lines.join(' ')} ${stored}`).toMatch(how === 'is-no-json' ? /OUTPUT_NOT_JSON/ : /\[secret:api-key\]/);
  });

  it('is nowhere when a caller of the API sends it', async () => {
    const app = await start();
    const value = JSON.stringify(CANARY);
    const started = `mutation { startWorkflow(name: "welcome", input: { name: ${value} }, options: { metadata: { note: ${value} } }) { id name input metadata } }`;
    const answers = [
      (await post(app.url, started)).body,
      // It does not fit the schema, names nothing, is no query.
      (await post(app.url, `mutation { startWorkflow(name: "welcome", input: { name: { is: ${value} } }) { id } }`)).body,
      (await post(app.url, `mutation { startWorkflow(name: ${value}, input: {}) { id } }`)).body,
      (await post(app.url, `{ job(id: ${value}) { id } }`)).body,
      (await post(app.url, `{ jobs(first: ${value}) { totalCount } nonsense(of: ${value}) }`)).body,
      (await post(app.url, `{ ${value} }`)).body,
      (
        await rawHttp(app.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: 'query ($n: Int) { jobs(first: $n) { totalCount } }', variables: { n: CANARY } }),
        })
      ).body,
      (
        await rawHttp(`${app.url}?query=${encodeURIComponent(`{ job(id: ${value}) { id } }`)}`, {
          headers: { 'apollo-require-preflight': 'true' },
        })
      ).body,
      JSON.stringify(await resultsOf(watch(app.socketUrl, `subscription { jobEvents(jobId: ${value}) { seq } }`))),
      JSON.stringify(await resultsOf(watch(app.socketUrl, started))),
    ];
    await app.app.close();
    expect(answers.map((answer) => tracesIn(answer))).toEqual(answers.map(() => []));
    expect({ logs: tracesIn(app.lines.join('\n')), stored: tracesIn(await app.stored()) }).toEqual({ logs: [], stored: [] });
    expect(JSON.parse(answers[0]!)).toMatchObject({
      data: { startWorkflow: { input: { name: '[secret:api-key]' }, metadata: { note: '[secret:api-key]' } } },
    });
  });

  it('is nowhere when code of the application hands it to the engine itself', async () => {
    const own: string[] = [];
    const app = await start({
      redactText: (text) => (own.push(text), text.replaceAll('by its own rule', '(ruled out)')),
      carry: { capture: () => ({ header: CANARY }), run: (_carried, next) => next() },
    });
    const note = `${CANARY} by its own rule`;
    const flow = defineWorkflow({
      name: 'flow',
      input: z.object({ key: z.string() }),
      plan: (plan, { key }) => plan.add(task(Echo, { key, planned: note })).named(`named`).out,
    });
    // Registered with the engine, it is none of those that the module seals.
    const unsealed = defineAgent({
      name: 'unsealed',
      input: z.any(),
      output: z.any(),
      execute: ({ fails }: { fails: boolean }, ctx) => {
        ctx.progress(10, note);
        if (fails) throw new Error(`401 for ${CANARY}`, { cause: new Error(CANARY) });
        return { [CANARY]: note };
      },
    });
    app.engine.register(unsealed, flow);
    const handle = await app.engine.submitJob({
      name: note,
      input: { key: note },
      tasks: [
        { key: 'returns', agent: 'unsealed', name: note, description: note, acceptanceCriteria: note, input: { fails: false, note } },
        { key: 'throws', agent: 'unsealed', assignee: note, metadata: { note }, input: { fails: true }, failureStrategy: 'continue' },
      ],
      options: { metadata: { note } },
    });
    await ended(app.engine, handle.id);
    await app.engine.retryJob(handle.id, { reason: note });
    await ended(app.engine, handle.id);
    const { id } = await app.engine.startWorkflow(flow, { key: note });
    await ended(app.engine, id);
    await app.engine.createSchedule({ id: 'often', workflow: 'flow', every: '1h', input: { key: note } });
    const told = `${await toldOf(app, handle.id)} ${await toldOf(app, id)} ${JSON.stringify(await app.engine.reader.job(handle.id))}`;
    await app.app.close();
    const stored = await app.stored();
    expect({ told: tracesIn(told), logs: tracesIn(app.lines.join('\n')), stored: tracesIn(stored) }).toEqual({
      told: [],
      logs: [],
      stored: [],
    });
    for (const text of [told, stored]) expect(text).toContain('[secret:api-key] (ruled out)');
    expect(told).toContain('401 for [secret:api-key]');
    expect(stored).not.toContain('by its own rule');
    expect(own).toContain(note);
  });

  it('is nowhere when hooks of the application or plugins tell it', async () => {
    const heard: EventView[] = [];
    const leaky = definePlugin({
      name: 'leaky',
      beforeSubmit: ({ input }) => (input === 'veto' ? { veto: `not with ${CANARY}` } : undefined),
      beforeStart: ({ taskKey }) => (taskKey === 'vetoed' ? { veto: `not with ${CANARY}` } : undefined),
      beforeComplete: () => ({ output: { put: CANARY } }),
      beforeFail: () => {
        throw new Error(CANARY);
      },
      onEvent: (event) => void heard.push(event),
    });
    const demanding = definePlugin({
      name: 'demanding',
      required: true,
      beforeStart: ({ taskKey }) => {
        if (taskKey === 'refused') throw new Error(`required ${CANARY}`);
      },
    });
    const app = await start({
      plugins: [leaky, demanding],
      api: {
        authorize: {
          caller: ({ headers }) => {
            if (headers['x-fail']) throw new Error(CANARY);
            return true;
          },
          field: (_caller, { name }) => {
            if (name === 'workflows') throw new Error(CANARY);
            return true;
          },
        },
      },
    });
    const { id } = await app.engine.submitJob({
      name: 'plugged',
      tasks: [
        { key: 'completes', agent: 'echo', input: {} },
        { key: 'vetoed', agent: 'echo', input: {} },
        { key: 'refused', agent: 'echo', input: {} },
        { key: 'fails', agent: 'leak', input: { how: 'throws-it' }, failureStrategy: 'skip' },
      ],
    });
    const settled = async (): Promise<boolean> => {
      const { items } = await app.engine.reader.tasks({ jobId: id }, { first: 10 });
      return items.every(({ no, status }) => no === 0 || !['PENDING', 'READY', 'IN_PROGRESS'].includes(status));
    };
    for await (const _ of app.engine.events(id)) if (await settled()) break;
    const told = [
      await toldOf(app, id),
      (await post(app.url, 'mutation { submitJob(job: { name: "x", input: "veto", tasks: [] }) { id } }')).body,
      (await post(app.url, '{ workflows { name } }')).body,
      (await post(app.url, '{ workflows { name } }', { 'x-fail': '1' })).body,
    ].join('\n');
    await app.app.close();
    const logs = app.lines.join('\n');
    expect({ told: tracesIn(told), logs: tracesIn(logs), stored: tracesIn(await app.stored()) }).toEqual({
      told: [],
      logs: [],
      stored: [],
    });
    expect(tracesIn(JSON.stringify(heard))).toEqual([]);
    expect(told).toContain('not with [secret:api-key]');
    expect(logs).toContain('[secret:api-key]');
  });

  it('is nowhere when what a plugin contributes tells it', async () => {
    const heard: string[] = [];
    const contributing = definePlugin({
      name: 'contributing',
      required: true,
      contributes: {
        router: {
          route: ({ wanted }) => {
            if (wanted === 'fails') throw new Error(`401 for ${CANARY}`);
            return wanted === 'garbage' ? Promise.resolve(CANARY) : 'echo';
          },
        },
        summarizer: {
          summarize: ({ output }) => {
            if (output === 'fails') throw new Error(`401 for ${CANARY}`);
            return Promise.resolve(`in short: ${CANARY}`);
          },
        },
        policies: {
          retry: () => {
            throw new Error(`policy ${CANARY}`);
          },
        },
        definitions: [
          defineAgent({ name: 'brought', input: z.any(), output: z.any(), execute: () => Promise.reject(new Error(`brought ${CANARY}`)) }),
        ],
      },
    });
    const app = await start({ plugins: [contributing] });
    const refused = async (agent: string): Promise<void> => {
      const submitted = app.engine.submitJob({ name: 'x', tasks: [{ key: 'a', agent, input: {} }] });
      await submitted.catch((error: Error) => heard.push(`${error.message} ${error.stack}`));
    };
    await refused('fails');
    await refused('garbage');
    const { id } = await app.engine.submitJob({
      name: 'contributed',
      tasks: [
        { key: 'routed', agent: 'somebody', input: { is: 'fine' } },
        { key: 'unsummarised', agent: 'echo', input: 'fails' },
        { key: 'brought', agent: 'brought', input: {}, dependsOn: ['routed', 'unsummarised'] },
      ],
    });
    await ended(app.engine, id);
    const told = await toldOf(app, id);
    await app.app.close();
    const logs = app.lines.join('\n');
    const traces = { heard: tracesIn(heard.join('\n')), told: tracesIn(told), logs: tracesIn(logs), stored: tracesIn(await app.stored()) };
    expect(traces).toEqual({ heard: [], told: [], logs: [], stored: [] });
    expect(heard).toEqual([expect.stringContaining('401 for [secret:api-key]'), expect.stringContaining('it chose "[secret:api-key]"')]);
    expect(told).toContain('in short: [secret:api-key]');
    expect(told).toContain('brought [secret:api-key]');
    expect(logs).toMatch(/summarizer failed.*401 for \[secret:api-key\]/);
    expect(logs).toMatch(/policy of a plugin failed.*policy \[secret:api-key\]/);
  });

  it('is nowhere when the application’s summarizer tells it', async () => {
    const app = await start({ summarizer: { summarize: () => `in short: ${CANARY}` } });
    const { id } = await app.engine.submitJob({ name: 'leak', tasks: [{ key: 'a', agent: 'echo', input: {} }] });
    await ended(app.engine, id);
    const { body } = await post(app.url, `{ job(id: "${id}") { tasks { nodes { summary } } } }`);
    expect(body).toContain('in short: [secret:api-key]');
    await app.app.close();
    expect(tracesIn(await app.stored())).toEqual([]);
  });

  it('is replaced in a log of the application’s own, too', async () => {
    const seen: string[] = [];
    const level = (message: string, data?: object): void => void seen.push(`${message} ${JSON.stringify(data)}`);
    const app = await start({ logger: { debug: level, info: level, warn: level, error: level } });
    const { id } = await app.engine.submitJob({ name: 'leak', tasks: [{ key: 'a', agent: 'leak', input: { how: 'logs-it' } }] });
    await ended(app.engine, id);
    expect(seen.join('\n')).toContain('used [secret:api-key]');
    expect(tracesIn(seen.join('\n'))).toEqual([]);
  });

  it('that was fetched only at run time is hidden from then on', async () => {
    const app = await start({ secrets: {} });
    app.app.get(TaskloomSecrets, { strict: false }).add('api-key', secret(CANARY));
    const { id } = await app.engine.submitJob({ name: 'leak', tasks: [{ key: 'a', agent: 'leak', input: { how: 'returns-it' } }] });
    await ended(app.engine, id);
    const { body } = await post(app.url, `{ job(id: "${id}") { tasks { nodes { output } } } }`);
    expect(body).toContain('[secret:api-key]');
    expect(tracesIn(body)).toEqual([]);
  });
});

describe('the option `secrets` (C8)', () => {
  it('is checked at boot, all of it, by names only', async () => {
    const secrets = {
      short: secret('1234'),
      missing: secret(undefined),
      plain: 'plain-canary-text' as unknown as ReturnType<typeof secret>,
      'no name': secret(CANARY),
    };
    const failed = start({ secrets }).catch((error: Error) => error.message);
    const message = String(await failed);
    for (const told of [
      '`secrets.short` has fewer than 8 characters',
      '`secrets.missing` has no value; is the variable of the environment set',
      '`secrets.plain` is no secret; wrap its value',
      '"no name", which cannot name a secret',
    ])
      expect(message).toContain(told);
    for (const value of ['1234', 'plain-canary-text', CANARY]) expect(message).not.toContain(value);
  });

  it('leaves a `redactText` that is no function to the engine to refuse', async () => {
    const failed = start({ redactText: 'all' as unknown as (text: string) => string }).catch((error: Error) => error.message);
    expect(await failed).toContain('`redactText` must be a function');
  });

  it('left out, nothing is looked through, and nothing can be added', async () => {
    const { app } = await startApp();
    const secrets = app.get(TaskloomSecrets, { strict: false });
    expect(() => secrets.add('late', secret(CANARY))).toThrow('secrets: {}');
    expect(() => secrets.get('late')).toThrow('There is no secret "late" (known: none)');
  });
});
