import { Controller, Get, Inject, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { afterEach, describe, expect, it } from '@jest/globals';

import { TaskloomHealthIndicator } from '../src/terminus.js';
import { rawHttp } from './support/raw-http.js';
import { startApp, stopApps } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';

afterEach(stopApps);

@Controller('health')
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    private readonly taskloom: TaskloomHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.taskloom.isHealthy('taskloom', { timeoutMs: 200 })]);
  }
}

@Module({ imports: [TerminusModule], controllers: [HealthController], providers: [TaskloomHealthIndicator] })
class HealthModule {}

async function app() {
  return startApp({ imports: [HealthModule], taskloom: { store: await tempStore(), isGlobal: true, maxParallel: 1 } });
}

const health = async (origin: string) => {
  const { status, body } = await rawHttp(`${origin}/health`);
  const { details } = JSON.parse(body) as { details: { taskloom: Record<string, unknown> } };
  return { status, taskloom: details.taskloom };
};

describe('the health of Taskloom', () => {
  it('is up while the engine runs, with what it is doing', async () => {
    const { origin, engine, gate } = await app();
    expect(await health(origin)).toEqual({ status: 200, taskloom: { status: 'up', openJobs: 0, running: 0, capacity: 1, waiting: 0 } });
    await engine.submitJob({ name: 'x', tasks: ['a', 'b'].map((key) => ({ key, agent: 'wait', input: {} })) });
    await gate.reached;
    expect((await health(origin)).taskloom).toEqual({ status: 'up', openJobs: 1, running: 1, capacity: 1, waiting: 1 });
    gate.open();
  });

  it('is down when the store fails, or does not answer', async () => {
    const { origin, engine } = await app();
    engine.reader.countJobs = () => Promise.reject(new Error('the disk is gone'));
    expect(await health(origin)).toEqual({ status: 503, taskloom: { status: 'down', message: 'the disk is gone' } });
    engine.reader.countJobs = () => new Promise(() => undefined);
    expect(await health(origin)).toEqual({
      status: 503,
      taskloom: { status: 'down', message: 'the store has not answered within 200 ms' },
    });
  });

  it('is down before the engine has started, and once it has stopped', async () => {
    const { app: nest, engine } = await app();
    const indicator = nest.get(TaskloomHealthIndicator, { strict: false });
    await engine.stop();
    expect(await indicator.isHealthy('taskloom')).toMatchObject({ taskloom: { status: 'down' } });
    engine.recoveryReport = () => null;
    expect(await indicator.isHealthy('taskloom')).toEqual({ taskloom: { status: 'down', message: 'the engine has not started' } });
  });
});
