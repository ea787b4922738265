import 'reflect-metadata';

import { Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, defineWorkflow } from '@taskloom/core';
import { z } from 'zod';

import { TaskloomModule } from '../src/index.js';
import { TaskloomTestKit } from '../src/testing.js';
import { post } from './support/raw-http.js';

const open: INestApplication[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

const tell = defineAgent({
  name: 'tell',
  input: z.object({}),
  output: z.object({ by: z.string() }),
  execute: (_input, ctx) => ({ by: String(ctx.job.carried?.['by']) }),
});
const report = defineWorkflow({ name: 'report', input: z.object({ day: z.string() }), plan: (flow) => flow.add(tell, {}).out });

@Module({ imports: [TaskloomModule.forRoot({ definitions: [tell, report] })] })
class AppModule {}

async function start() {
  const kit = new TaskloomTestKit({
    api: { authorize: ({ headers }) => ({ name: String(headers['x-user']) }) },
    carry: { capture: ({ api }) => ({ by: api?.caller.name ?? 'code' }), run: (_carried, next) => next() },
  });
  const app = (await kit.override(Test.createTestingModule({ imports: [AppModule] })).compile()).createNestApplication();
  open.push(app);
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/graphql`;
  return { kit, ask: async (query: string) => (await post(url, query, { 'x-user': 'ada' })).json() };
}

const CREATE = 'mutation { createSchedule(input: { id: "daily", workflow: "report", every: "1h", input: { day: "monday" } }) ';
const FIELDS = '{ id workflow every cron timezone missed overlap input declared paused nextAt lastAt lastJobId lastProblem }';

describe('a schedule', () => {
  it('starts jobs in the name of who made it, with what that one carried', async () => {
    const { kit, ask } = await start();
    const { data } = await ask(`${CREATE}${FIELDS} }`);
    expect(data!['createSchedule']).toMatchObject({
      id: 'daily',
      workflow: 'report',
      every: 3_600_000,
      cron: null,
      timezone: 'UTC',
      missed: 'ONCE',
      overlap: 'SKIP',
      input: { day: 'monday' },
      declared: false,
      paused: false,
      nextAt: new Date(kit.clock.now() + 3_600_000).toISOString(),
      lastJobId: null,
    });
    await kit.clock.advance(3_600_000);
    const { schedule } = (await ask(`{ schedule(id: "daily") ${FIELDS} }`)).data as { schedule: { lastJobId: string } };
    expect(await kit.clock.runUntil(kit.engine.job(schedule.lastJobId).result())).toEqual({ by: 'ada' });
    expect((await kit.engine.reader.events(schedule.lastJobId, 0, 1))[0]).toMatchObject({ actor: 'user:ada' });
  });

  it('is listed, paused, resumed and deleted', async () => {
    const { kit, ask } = await start();
    await ask(`${CREATE}{ id } }`);
    expect((await ask('{ schedules { id } }')).data).toEqual({ schedules: [{ id: 'daily' }] });
    expect((await ask('mutation { pauseSchedule(id: "daily") { paused } }')).data).toEqual({ pauseSchedule: { paused: true } });
    await kit.clock.advance(7_200_000);
    expect(await kit.engine.reader.countJobs({})).toBe(0);
    expect((await ask('mutation { resumeSchedule(id: "daily") { paused } }')).data).toEqual({ resumeSchedule: { paused: false } });
    await kit.clock.advance(3_600_000);
    expect(await kit.engine.reader.countJobs({})).toBe(1);
    expect((await ask('mutation { deleteSchedule(id: "daily") }')).data).toEqual({ deleteSchedule: true });
    expect((await ask('mutation { deleteSchedule(id: "daily") }')).data).toEqual({ deleteSchedule: false });
    expect((await ask('{ schedule(id: "daily") { id } }')).data).toEqual({ schedule: null });
  });

  it.each([
    [`${CREATE}{ id } }`, 'SCHEDULE_EXISTS'],
    ['mutation { createSchedule(input: { id: "x", workflow: "reprot", every: "1h" }) { id } }', 'UNKNOWN_WORKFLOW'],
    ['mutation { createSchedule(input: { id: "x", workflow: "report", cron: "never" }) { id } }', 'SCHEDULE_INVALID'],
    ['mutation { createSchedule(input: { id: "a b", workflow: "report", every: "1h" }) { id } }', 'ID_INVALID'],
    ['mutation { pauseSchedule(id: "none") { id } }', 'NOT_FOUND'],
    ['mutation { resumeSchedule(id: "none") { id } }', 'NOT_FOUND'],
  ])('is refused: %s', async (query, code) => {
    const { ask } = await start();
    await ask(`${CREATE}{ id } }`);
    expect((await ask(query)).errors).toMatchObject([{ extensions: { code } }]);
  });
});
