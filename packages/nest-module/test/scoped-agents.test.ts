import { AsyncLocalStorage } from 'node:async_hooks';

import { Inject, Injectable, Scope, UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ContextIdFactory, REQUEST, type ContextId, type ContextIdStrategy, type HostComponentInfo } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, type TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { finalize, type Observable } from 'rxjs';
import { z } from 'zod';

import { runTask, standalone, stopStandalone } from './support/standalone.js';

afterEach(stopStandalone);

const Nothing = z.object({});
const Text = z.object({ text: z.string() });

let heard: string[] = [];
afterEach(() => {
  heard = [];
});

describe('an agent of request scope', () => {
  @Injectable({ scope: Scope.REQUEST })
  class UnitOfWork {
    static made = 0;
    readonly id = (UnitOfWork.made += 1);

    constructor(@Inject(REQUEST) readonly task: TaskContext) {}
  }

  @Injectable({ scope: Scope.REQUEST })
  class Commit implements NestInterceptor {
    constructor(private readonly work: UnitOfWork) {}

    intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
      return next.handle().pipe(finalize(() => heard.push(`commit ${this.work.id}`)));
    }
  }

  it('shares what is of its scope with its interceptors, and the task is its REQUEST', async () => {
    @UseInterceptors(Commit)
    @TaskAgent({ name: 'works', input: Nothing, output: Text })
    class Works {
      constructor(private readonly work: UnitOfWork) {}

      execute(_input: object, ctx: TaskContext) {
        heard.push(`work ${this.work.id}`);
        return { text: String(this.work.task === ctx) };
      }
    }
    UnitOfWork.made = 0;
    const { engine } = await standalone({ providers: [UnitOfWork, Works] });
    expect((await runTask(engine, 'works')).output).toEqual({ text: 'true' });
    expect((await runTask(engine, 'works')).output).toEqual({ text: 'true' });
    expect(heard).toEqual(['work 1', 'commit 1', 'work 2', 'commit 2']);
  });

  it('may share durable providers between tasks of one tenant', async () => {
    const trees = new Map<string, ContextId>();
    const byName: ContextIdStrategy = {
      attach: (contextId, task: TaskContext) => {
        const tree = trees.get(task.job.name) ?? ContextIdFactory.create();
        trees.set(task.job.name, tree);
        return { resolve: ({ isTreeDurable }: HostComponentInfo) => (isTreeDurable ? tree : contextId), payload: { name: task.job.name } };
      },
    };
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Connection {
      static made = 0;
      readonly id = (Connection.made += 1);
    }
    @TaskAgent({ name: 'connected', input: Nothing, output: Text })
    class Connected {
      constructor(private readonly connection: Connection) {}

      execute() {
        return { text: `connection ${this.connection.id}` };
      }
    }
    const { engine } = await standalone({ providers: [Connection, Connected] });
    ContextIdFactory.apply(byName);
    try {
      const ofJob = async (name: string) => {
        const { id, result } = await engine.submitJob({ name, tasks: [{ key: 'a', agent: 'connected', input: {} }] }).then((handle) => ({
          id: handle.id,
          result: handle.result(),
        }));
        await result;
        return (await engine.reader.taskOutputs([{ jobId: id, no: 1 }], 100))[0]!.value;
      };
      expect(await ofJob('red')).toEqual({ text: 'connection 1' });
      expect(await ofJob('blue')).toEqual({ text: 'connection 2' });
      expect(await ofJob('red')).toEqual({ text: 'connection 1' });
    } finally {
      ContextIdFactory.apply(undefined as unknown as ContextIdStrategy);
    }
  });
});

describe('an agent of transient scope', () => {
  it('is made anew for each attempt and disposed of after it, however it ended', async () => {
    let made = 0;
    @Injectable({ scope: Scope.TRANSIENT })
    class Helper {
      readonly id = (made += 1);
    }
    @Injectable({ scope: Scope.TRANSIENT })
    @TaskAgent({ name: 'fresh', input: Nothing, output: Text, retry: { maxAttempts: 2, delay: 1 } })
    class Fresh implements AsyncDisposable {
      private attempts = 0;

      constructor(private readonly helper: Helper) {}

      execute(_input: object, ctx: TaskContext): { text: string } {
        this.attempts += 1;
        if (ctx.attempt.number === 1) throw new Error('once more');
        return { text: `helper ${this.helper.id}, attempt ${this.attempts} of this instance` };
      }

      async [Symbol.asyncDispose](): Promise<void> {
        await Promise.resolve();
        heard.push(`disposed ${this.helper.id}`);
      }
    }
    const { engine } = await standalone({ providers: [Helper, Fresh] });
    made = 0;
    expect((await runTask(engine, 'fresh')).output).toEqual({ text: 'helper 2, attempt 1 of this instance' });
    expect(heard).toEqual(['disposed 1', 'disposed 2']);
  });

  it('whose disposal fails has done its work all the same', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    @TaskAgent({ name: 'clumsy', input: Nothing, output: Text })
    class Clumsy implements Disposable {
      execute(): { text: string } {
        return { text: 'done' };
      }

      [Symbol.dispose](): void {
        throw new Error('stuck');
      }
    }
    const { engine } = await standalone({ providers: [Clumsy] });
    expect((await runTask(engine, 'clumsy')).output).toEqual({ text: 'done' });
  });
});

describe('an attempt', () => {
  it('does not run in the async context of whoever started its job, or another one', async () => {
    const requests = new AsyncLocalStorage<string>();
    const look = defineAgent({
      name: 'look',
      input: Nothing,
      output: Text,
      execute: () => ({ text: requests.getStore() ?? 'nobody' }),
    });
    @TaskAgent({ name: 'look-too', input: Nothing, output: Text })
    class LookToo {
      async execute(): Promise<{ text: string }> {
        await Promise.resolve();
        return { text: requests.getStore() ?? 'nobody' };
      }
    }
    const { engine } = await standalone({ taskloom: { definitions: [look] }, providers: [LookToo] });
    for (const agent of ['look', 'look-too'])
      expect((await requests.run('a stranger', () => runTask(engine, agent))).output).toEqual({ text: 'nobody' });
  });
});
