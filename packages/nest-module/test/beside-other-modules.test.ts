import 'reflect-metadata';

import { afterEach, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Get, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Args, Field, GraphQLModule, ID, Mutation, ObjectType, Query, Resolver, Subscription } from '@nestjs/graphql';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { TaskAgent } from '@taskloom/decorators';
import { Column, DataSource, Entity, PrimaryGeneratedColumn, type Repository } from 'typeorm';
import { z } from 'zod';

import { TaskExecutionContext } from '../src/index.js';
import { dataOf } from './support/ask.js';
import { runWelcome } from './support/jobs.js';
import { sqliteDriver } from './support/sqlite-driver.js';
import { tempStore } from './support/temp-store.js';
import { rawHttp } from './support/raw-http.js';
import { startApp, stopApps } from './support/start-app.js';
import { all, closeSockets } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

/** The application's own types have the very names of Taskloom's. */
@ObjectType({ description: 'A job advertisement' })
class Job {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  salary!: string;
}

@ObjectType()
class Task {
  @Field(() => String)
  chore!: string;
}

@Resolver(() => Job)
class AdvertisementResolver {
  @Query(() => Job)
  job(@Args('id', { type: () => ID }) id: string): Job {
    return { id, salary: 'much' };
  }

  @Query(() => [Task])
  tasks(): Task[] {
    return [{ chore: 'dishes' }];
  }

  @Mutation(() => Job)
  cancelJob(@Args('id', { type: () => ID }) id: string): Job {
    return { id, salary: 'none' };
  }

  @Subscription(() => String)
  async *ticks() {
    for (const ticks of ['tick', 'tock']) yield { ticks };
  }
}

const ownGraphql = (path: string, subscriptions = true) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    path,
    autoSchemaFile: true,
    ...(subscriptions ? { subscriptions: { 'graphql-ws': true } } : {}),
  });

describe("beside the application's own GraphQLModule, which lists no modules", () => {
  it('both serve their own schema, over HTTP and WebSocket, though types have the same names', async () => {
    const { origin, url, socketUrl, engine } = await startApp({ imports: [ownGraphql('/app')], providers: [AdvertisementResolver] });
    const theirs = `${origin}/app`;
    expect(await dataOf(theirs, '{ job(id: "1") { id salary } tasks { chore } }')).toEqual({
      job: { id: '1', salary: 'much' },
      tasks: [{ chore: 'dishes' }],
    });
    expect(await dataOf(theirs, 'mutation { cancelJob(id: "1") { salary } }')).toEqual({ cancelJob: { salary: 'none' } });

    const typesOf = async (at: string): Promise<string[]> => {
      const { __schema } = await dataOf<{ __schema: { types: { name: string }[] } }>(at, '{ __schema { types { name } } }');
      return __schema.types.map(({ name }) => name);
    };
    expect(await typesOf(theirs)).not.toEqual(expect.arrayContaining(['Workflow']));
    expect(await typesOf(theirs)).not.toContain('JobEvent');
    expect(await typesOf(url)).toEqual(expect.arrayContaining(['Job', 'Task', 'Workflow', 'JobEvent']));
    const { type } = await dataOf<{ type: { fields: { name: string }[] } }>(url, '{ type: __type(name: "Job") { fields { name } } }');
    expect(type.fields.map(({ name }) => name)).not.toContain('salary');

    const { id } = await engine.startWorkflow('welcome', { name: 'Ada' });
    const events = await all(socketUrl, 'subscription ($id: ID!) { jobEvents(jobId: $id) { seq } }', { id });
    expect(events).toHaveLength(11);
    expect(await all(socketUrl.replace('/graphql', '/app'), 'subscription { ticks }')).toEqual([{ ticks: 'tick' }, { ticks: 'tock' }]);
  });

  it.each([
    ['the same path', '/graphql', '/graphql', true],
    ['a path below it', '/graphql', '/graphql/taskloom', false],
    ['a path that begins like it, where it has subscriptions', '/graphql', '/graphql-taskloom', true],
  ])('%s is refused at boot, with a remedy', async (_what, theirs, ours, subscriptions) => {
    await expect(
      startApp({ imports: [ownGraphql(theirs, subscriptions)], providers: [AdvertisementResolver], taskloom: { api: { path: ours } } }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID', problems: [expect.stringContaining('api.path')] });
  });

  it('a path that begins like it is fine where it has none', async () => {
    const { url } = await startApp({
      imports: [ownGraphql('/graphql', false)],
      providers: [AdvertisementResolver],
      taskloom: { api: { path: '/graphql-taskloom' } },
    });
    expect(await dataOf(url, '{ workflows { name } }')).toEqual({ workflows: [{ name: 'welcome' }] });
  });
});

describe('beside the rest of an application', () => {
  it("global guards made for the application's routes do not stand in the API's way, and the prefix does not move it", async () => {
    @Injectable()
    class HeaderGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-key'] === 'open';
      }
    }
    @Controller('cats')
    class CatsController {
      @Get()
      list(): string[] {
        return ['Tom'];
      }
    }
    const { origin, url } = await startApp({
      controllers: [CatsController],
      providers: [{ provide: APP_GUARD, useClass: HeaderGuard }],
      prepare: (app) => app.setGlobalPrefix('api'),
    });
    expect((await rawHttp(`${origin}/api/cats`)).status).toBe(403);
    expect((await rawHttp(`${origin}/api/cats`, { headers: { 'x-key': 'open' } })).status).toBe(200);
    expect(await dataOf(url, '{ workflows { name } }')).toEqual({ workflows: [{ name: 'welcome' }] });
  });

  it('global guards run around agents too, and know by the type of their context when they do', async () => {
    const asked: string[] = [];
    @Injectable()
    class HeaderGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        asked.push(context.getType<string>());
        if (TaskExecutionContext.is(context)) return true;
        return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-key'] === 'open';
      }
    }
    const { url, engine } = await startApp({ providers: [{ provide: APP_GUARD, useClass: HeaderGuard }] });
    expect(await engine.job(await runWelcome(engine)).result()).toEqual({ text: 'HELLO, ADA!' });
    expect(await dataOf(url, '{ jobs { totalCount } }')).toEqual({ jobs: { totalCount: 1 } });
    expect(asked).toEqual(['task', 'task']);
  });

  it("the application's TypeORM connection keeps its tables, its agents use it, and the engine's are elsewhere", async () => {
    @Entity()
    class Note {
      @PrimaryGeneratedColumn()
      id!: number;

      @Column('text')
      text!: string;
    }
    const Text = z.object({ text: z.string() });
    @TaskAgent({ name: 'write-down', input: Text, output: z.object({ notes: z.number() }) })
    class WriteDown {
      constructor(@InjectRepository(Note) private readonly notes: Repository<Note>) {}

      async execute({ text }: { text: string }) {
        await this.notes.save({ text });
        return { notes: await this.notes.count() };
      }
    }
    const { path: database } = await tempStore();
    const { engine, app } = await startApp({
      imports: [
        TypeOrmModule.forRoot({ type: 'better-sqlite3', driver: sqliteDriver, database, entities: [Note], synchronize: true }),
        TypeOrmModule.forFeature([Note]),
      ],
      providers: [WriteDown],
    });
    for (const text of ['one', 'two'])
      await (await engine.submitJob({ name: 'x', tasks: [{ key: 'a', agent: 'write-down', input: { text } }] })).result();
    expect(await app.get(DataSource).getRepository(Note).find()).toEqual([
      { id: 1, text: 'one' },
      { id: 2, text: 'two' },
    ]);
    expect(app.get(DataSource).entityMetadatas.map(({ tableName }) => tableName)).toEqual(['note']);
    const file = new sqliteDriver(database);
    expect(file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all()).toEqual([
      { name: 'note' },
    ]);
    file.close();
  });

  it("the application's middleware (CORS here) stands before the API", async () => {
    const { url } = await startApp({ prepare: (app) => app.enableCors({ origin: 'https://app.example.org' }) });
    const preflight = await rawHttp(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    const answer = await rawHttp(url, {
      method: 'POST',
      headers: { origin: 'https://app.example.org', 'content-type': 'application/json' },
      body: '{"query":"{ workflows { name } }"}',
    });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example.org');
  });

  it('upgrades to other paths are left to their own listeners', async () => {
    const { app, origin } = await startApp();
    app.getHttpServer().on('upgrade', (request: { url: string }, socket: { end(text: string): void }) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 Other\r\ncontent-length: 0\r\n\r\n');
    });
    expect((await rawHttp(`${origin}/other`, { headers: { connection: 'Upgrade', upgrade: 'websocket' } })).status).toBe(418);
  });
});
