import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { defineAgent } from '@taskloom/core';
import { z } from 'zod';

import type { TaskloomModuleOptions, TaskloomRole } from '../src/index.js';
import { runWelcome } from './support/jobs.js';
import { sqliteDriver } from './support/sqlite-driver.js';
import { startApp, stopApps } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';

const servers: Server[] = [];
afterEach(async () => {
  await stopApps();
  for (const server of servers.splice(0)) server.close();
});

const PASSWORD = 'canary-password';

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly problems?: readonly string[];
}

/** How boot fails, and everything that was said of it. */
async function failureOf(taskloom: TaskloomModuleOptions): Promise<{ readonly error: Failure; readonly told: string }> {
  const lines: string[] = [];
  const log = (...parts: unknown[]): void => void lines.push(parts.map(String).join(' '));
  const logger: LoggerService = { log, warn: log, error: log, debug: log };
  try {
    await startApp({ taskloom, logger });
  } catch (error) {
    const { stack, ...rest } = error as Error;
    return { error: error as Failure, told: `${(error as Error).message} ${stack} ${JSON.stringify(rest)} ${lines.join(' ')}` };
  }
  throw new Error('it started');
}

/** A PostgreSQL server that answers whoever comes in one way. */
async function postgresThat(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => answer(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An error as the protocol has it. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describe('a database that is not there (C2)', () => {
  it.each([
    ['without a URL', undefined],
    ['of another scheme', `mysql://user:${PASSWORD}@127.0.0.1/jobs`],
    ['that is no URL', `postgres://user:${PASSWORD}@:::/jobs`],
  ])('%s is refused with how one is written, and no password', async (_what, url) => {
    const { error, told } = await failureOf({ store: { type: 'postgres', url } } as TaskloomModuleOptions);
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      problems: ['`store.url` must be a URL such as `postgres://user:password@host:5432/database`.'],
    });
    expect(told).not.toContain(PASSWORD);
  });

  it('that cannot be reached is told, with what to do, and no password', async () => {
    const port = await postgresThat(() => {});
    servers.splice(0).forEach((server) => server.close());
    const { error, told } = await failureOf({ store: { type: 'postgres', url: `postgres://user:${PASSWORD}@127.0.0.1:${port}/jobs` } });
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.any(String),
    });
    expect(told).not.toContain(PASSWORD);
  });

  it('that takes no such password is told, with what it says, and no password', async () => {
    const port = await postgresThat((socket) => socket.end(refusal('28P01', 'password authentication failed for user "user"')));
    const { error, told } = await failureOf({ store: { type: 'postgres', url: `postgres://user:${PASSWORD}@127.0.0.1:${port}/jobs` } });
    expect(error).toMatchObject({
      message: expect.stringContaining('password authentication failed for user "user"'),
      remedy: expect.any(String),
    });
    expect(told).not.toContain(PASSWORD);
  });
});

describe('a database of another version (C4)', () => {
  it('that is newer is refused, and left as it is', async () => {
    const store = await tempStore();
    const first = await startApp({ taskloom: { store } });
    await first.app.close();
    const database = new sqliteDriver(store.path) as unknown as { prepare(sql: string): { run(): void }; close(): void };
    database.prepare(`INSERT INTO taskloom_migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`).run();
    database.close();
    const { error } = await failureOf({ store });
    expect(error).toMatchObject({ code: 'SCHEMA_NEWER', message: expect.stringContaining('FromTheFuture'), remedy: expect.any(String) });
  });

  it.each(['synchronize', 'migrationsRun', 'dropSchema'])('`%s` is no option: nothing but migrations changes tables', async (option) => {
    const { error } = await failureOf({ store: { ...(await tempStore()), [option]: true } });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', problems: [expect.stringContaining(`\`store.${option}\` is no option`)] });
  });

  it('is brought up to date once where two begin at the same time: the second is refused, and may begin later', async () => {
    const store = await tempStore();
    const [one, two] = await Promise.allSettled([startApp({ taskloom: { store } }), startApp({ taskloom: { store } })]);
    const started = [one, two].filter((result) => result.status === 'fulfilled');
    const refused = [one, two].filter((result) => result.status === 'rejected');
    expect([started.length, refused.length]).toEqual([1, 1]);
    expect(refused[0]!.reason).toMatchObject({ code: 'SQLITE_SINGLE_PROCESS' });
    await started[0]!.value.app.close();
    await runWelcome((await startApp({ taskloom: { store } })).engine);
  });
});

describe('a queue to other processes (C5)', () => {
  it.each<[string, object, string]>([
    ['Redis as the store', { store: { type: 'redis', url: 'redis://127.0.0.1' } }, '`store.type` is "redis"; it must be'],
    ['a queue of its own', { redis: { url: 'redis://127.0.0.1' } }, '`redis` is no option'],
    ['a dispatcher without a plugin', { dispatcher: 'bullmq' }, '`dispatcher` is no option'],
    ['an engine that runs no tasks by another name', { runTasks: false }, '`runTasks` is no option'],
  ])('%s is refused', async (_what, options, problem) => {
    const { error } = await failureOf(options);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', problems: expect.arrayContaining([expect.stringContaining(problem)]) });
  });

  it.each<TaskloomRole>(['api', 'worker'])('without a store that both share is refused: %s alone, on SQLite', async (role) => {
    const { error } = await failureOf({ store: await tempStore(), roles: [role] });
    expect(error).toMatchObject({ code: 'SQLITE_SINGLE_PROCESS', remedy: expect.stringContaining("store: { type: 'postgres', url }") });
  });
});

describe('values that contradict each other or are out of range (C6)', () => {
  it.each<[string, TaskloomModuleOptions, string]>([
    ['nothing in parallel', { maxParallel: 0 }, '`maxParallel` is 0'],
    ['less than nothing', { maxParallel: -1 }, '`maxParallel` is -1'],
    ['a million in parallel', { maxParallel: 1_000_000 }, '`maxParallel` is 1000000; at most 10000'],
    [
      'a call that may add more than a job',
      { limits: { dynamicTasksPerCall: 50, dynamicTasksPerJob: 40 } },
      '`limits.dynamicTasksPerCall` is 50',
    ],
    [
      'a literal input larger than a resolved one',
      { limits: { inputBytes: 2_000, resolvedInputBytes: 1_000 } },
      '`limits.inputBytes` is 2000',
    ],
    ['an ageing of nothing', { ageing: 0 }, '`ageing` is 0'],
    ['an operation without time', { api: { limits: { operationTimeoutMs: 0 } } }, '`api.limits.operationTimeoutMs` is 0'],
  ])('%s is refused at boot', async (_what, options, problem) => {
    const { error } = await failureOf(options);
    expect(error.problems).toContainEqual(expect.stringContaining(problem));
  });

  it('both values are told', async () => {
    const { error } = await failureOf({ limits: { dynamicTasksPerCall: 50, dynamicTasksPerJob: 40 } });
    expect(error.problems).toEqual([expect.stringMatching(/50.*40/)]);
  });

  it('an agent that may be silent for longer than it may run is refused, with both', () => {
    const quiet = () =>
      defineAgent({ name: 'quiet', input: z.null(), output: z.null(), timeout: '10s', idleTimeout: '20s', execute: () => null });
    expect(quiet).toThrow(/`idleTimeout` of .* is "20s", longer than its `timeout` of "10s"/);
  });
});
