import {
  BadRequestException,
  Catch,
  Inject,
  Injectable,
  Scope,
  SetMetadata,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentMetadata,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector, REQUEST } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { catchError, EMPTY, finalize, map, of, tap, throwError, type Observable } from 'rxjs';
import { z } from 'zod';

import { TaskExecutionContext } from '../src/index.js';
import { runTask, standalone, stopStandalone } from './support/standalone.js';

afterEach(stopStandalone);

const Text = z.object({ text: z.string() });
const Nothing = z.object({});

/** What happened in this test, in order. */
let heard: string[] = [];
afterEach(() => {
  heard = [];
});

@Injectable()
class Ears {
  hear(what: string): void {
    heard.push(what);
  }
}

describe('a guard of an agent', () => {
  const Roles = (...roles: string[]) => SetMetadata('roles', roles);

  @Injectable()
  class RolesGuard implements CanActivate {
    constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

    canActivate(context: ExecutionContext): boolean {
      const roles = this.reflector.getAllAndOverride<string[]>('roles', [context.getHandler(), context.getClass()]);
      const { task, input } = TaskExecutionContext.of(context);
      heard.push(`${context.getType<string>()} ${context.getClass().name} ${task.task.key} ${JSON.stringify(input)}`);
      return roles.includes('anyone');
    }
  }

  it('is asked with the agent’s class, its method, the input and the task, and lets the task run', async () => {
    @Roles('anyone')
    @UseGuards(RolesGuard)
    @TaskAgent({ name: 'open', input: Text, output: Text })
    class Open {
      execute(input: { text: string }) {
        return input;
      }
    }
    const { engine } = await standalone({ providers: [Open] });
    expect((await runTask(engine, 'open', { text: 'hi' })).output).toEqual({ text: 'hi' });
    expect(heard).toEqual(['task Open only {"text":"hi"}']);
  });

  it('that refuses fails the task with a code, without running the agent, and for good', async () => {
    @UseGuards(RolesGuard)
    @TaskAgent({ name: 'closed', input: Nothing, output: Text, retry: 3 })
    class Closed {
      @Roles('admins')
      execute(): { text: string } {
        heard.push('ran');
        return { text: '' };
      }
    }
    const { engine } = await standalone({ providers: [Closed] });
    const { task, job } = await runTask(engine, 'closed');
    expect(task).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: { code: 'TASK_FORBIDDEN', message: 'A guard does not let "only" run: Forbidden resource' },
    });
    expect(job.status).toBe('FAILED');
    expect(heard).toEqual(['task Closed only {}']);
  });

  it('may say why, and may be asynchronous or observable', async () => {
    class Later implements CanActivate {
      async canActivate(): Promise<boolean> {
        return Promise.reject(new UnauthorizedException('The token of the job has run out'));
      }
    }
    class Watching implements CanActivate {
      canActivate(): Observable<boolean> {
        return of(false);
      }
    }
    @UseGuards(Later)
    @TaskAgent({ name: 'later', input: Nothing, output: Nothing })
    class First {
      execute() {
        return {};
      }
    }
    @UseGuards(new Watching())
    @TaskAgent({ name: 'watching', input: Nothing, output: Nothing })
    class Second {
      execute() {
        return {};
      }
    }
    const { engine } = await standalone({ providers: [First, Second] });
    expect((await runTask(engine, 'later')).task.error).toMatchObject({
      code: 'TASK_FORBIDDEN',
      message: expect.stringContaining('The token of the job has run out'),
    });
    expect((await runTask(engine, 'watching')).task.error?.code).toBe('TASK_FORBIDDEN');
  });
});

describe('an interceptor of an agent', () => {
  @Injectable()
  class Timing implements NestInterceptor {
    constructor(private readonly ears: Ears) {}

    intercept(context: ExecutionContext, next: CallHandler<{ text: string }>): Observable<unknown> {
      this.ears.hear(`before ${TaskExecutionContext.of(context).task.task.key}`);
      return next.handle().pipe(
        map(({ text }) => ({ text: `<${text}>` })),
        tap(() => this.ears.hear('after')),
        finalize(() => this.ears.hear('finally')),
      );
    }
  }

  it('wraps what the agent does, and may change what it gives', async () => {
    @UseInterceptors(Timing)
    @TaskAgent({ name: 'wrapped', input: Nothing, output: Text })
    class Wrapped {
      execute(): { text: string } {
        heard.push('ran');
        return { text: 'x' };
      }
    }
    const { engine } = await standalone({ providers: [Ears, Wrapped] });
    expect((await runTask(engine, 'wrapped')).output).toEqual({ text: '<x>' });
    expect(heard).toEqual(['before only', 'ran', 'after', 'finally']);
  });

  it('may answer in the agent’s place, and what it gives is checked like an output', async () => {
    class Shortcut implements NestInterceptor {
      intercept(): Observable<unknown> {
        return of({ text: 'from the interceptor' });
      }
    }
    class Silence implements NestInterceptor {
      intercept(): Observable<unknown> {
        return EMPTY;
      }
    }
    @TaskAgent({ name: 'never', input: Nothing, output: Text })
    class Never {
      @UseInterceptors(Shortcut)
      execute(): { text: string } {
        throw new Error('ran');
      }
    }
    @UseInterceptors(Silence)
    @TaskAgent({ name: 'silent', input: Nothing, output: Text })
    class Silent {
      execute(): { text: string } {
        throw new Error('ran');
      }
    }
    const { engine } = await standalone({ providers: [Never, Silent] });
    expect((await runTask(engine, 'never')).output).toEqual({ text: 'from the interceptor' });
    expect((await runTask(engine, 'silent')).task.error?.code).toBe('OUTPUT_SCHEMA');
  });

  it('sees a suspension pass through, and cannot keep it', async () => {
    class Swallow implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
        return next.handle().pipe(
          catchError((error: Error) => {
            heard.push(error.name);
            return of({ text: 'swallowed' });
          }),
        );
      }
    }
    @TaskAgent({ name: 'help', input: Nothing, output: Text })
    class Help {
      execute(): { text: string } {
        return { text: 'helped' };
      }
    }
    @UseInterceptors(Swallow)
    @TaskAgent({ name: 'asks', input: Nothing, output: Text })
    class Asks {
      async execute(_input: object, ctx: TaskContext): Promise<{ text: string }> {
        return ctx.need(Help, {});
      }
    }
    @UseInterceptors(Swallow)
    @TaskAgent({ name: 'skips', input: Nothing, output: Text })
    class Skips {
      execute(_input: object, ctx: TaskContext): { text: string } {
        return ctx.skip('not today');
      }
    }
    const { engine } = await standalone({ providers: [Help, Asks, Skips] });
    expect((await runTask(engine, 'asks')).output).toEqual({ text: 'helped' });
    expect((await runTask(engine, 'skips')).task).toMatchObject({ status: 'SKIPPED', statusMessage: 'not today' });
    expect(heard).toEqual(['SuspensionSignal', 'SkipSignal']);
  });
});

describe('a pipe of an agent', () => {
  it('changes what the agent gets, and is told its class', async () => {
    class Name {
      constructor(readonly text: string) {}
    }
    class ToClass implements PipeTransform {
      transform(value: { text: string }, { type, metatype }: ArgumentMetadata): Name {
        heard.push(`${type} ${metatype?.name}`);
        return new (metatype as typeof Name)(value.text.toUpperCase());
      }
    }
    @TaskAgent({ name: 'piped', input: Text, output: Text })
    class Piped {
      @UsePipes(ToClass)
      execute(input: Name, ctx: TaskContext) {
        heard.push(`${input.constructor.name} ${ctx.task.key}`);
        return { text: input.text };
      }
    }
    const { engine } = await standalone({ providers: [Piped] });
    expect((await runTask(engine, 'piped', { text: 'ada' })).output).toEqual({ text: 'ADA' });
    expect(heard).toEqual(['body Name', 'Name only']);
  });

  it('that refuses the input fails the task with a code, for good', async () => {
    class NoShouting implements PipeTransform {
      transform(): never {
        throw new BadRequestException(['text must not be loud', 'text must be polite']);
      }
    }
    @UsePipes(NoShouting)
    @TaskAgent({ name: 'polite', input: Text, output: Text, retry: 3 })
    class Polite {
      execute(input: { text: string }) {
        return input;
      }
    }
    const { engine } = await standalone({ providers: [Polite] });
    expect((await runTask(engine, 'polite', { text: 'HI' })).task).toMatchObject({
      attempt: 1,
      error: { code: 'INPUT_SCHEMA', message: 'A pipe refuses the input of "only": text must not be loud; text must be polite' },
    });
  });
});

describe('a filter of an agent', () => {
  class QuotaError extends Error {}

  @Catch(QuotaError)
  class ToReadable implements ExceptionFilter {
    catch(error: QuotaError, host: ArgumentsHost): Error {
      return new Error(`${TaskExecutionContext.of(host).task.task.key}: no quota left`, { cause: error });
    }
  }

  it('maps an error to another; others pass', async () => {
    @UseFilters(ToReadable)
    @TaskAgent({ name: 'mapped', input: z.object({ which: z.string() }), output: Nothing })
    class Mapped {
      execute({ which }: { which: string }): never {
        throw which === 'quota' ? new QuotaError('429') : new Error('something else');
      }
    }
    const { engine } = await standalone({ providers: [Mapped] });
    expect((await runTask(engine, 'mapped', { which: 'quota' })).task.error).toEqual({
      code: 'AGENT_FAILED',
      name: 'Error',
      message: 'only: no quota left',
      causes: ['Error: 429'],
    });
    expect((await runTask(engine, 'mapped', { which: 'other' })).task.error?.message).toBe('something else');
  });

  it('may throw, give an observable, give an output, or only look', async () => {
    const answers: Record<string, (error: Error) => unknown> = {
      throws: () => {
        throw new Error('thrown by the filter');
      },
      observable: () => throwError(() => new Error('emitted by the filter')),
      output: () => ({ text: 'instead' }),
      looks: (error) => void heard.push(error.message),
    };
    @Catch()
    class Any implements ExceptionFilter {
      catch(error: Error, host: ArgumentsHost): unknown {
        return answers[(TaskExecutionContext.of(host).input as { text: string }).text]!(error);
      }
    }
    @UseFilters(new Any())
    @TaskAgent({ name: 'filtered', input: Text, output: Text })
    class Filtered {
      execute(): { text: string } {
        throw new Error('of the agent');
      }
    }
    const { engine } = await standalone({ providers: [Filtered] });
    const run = async (text: string) => runTask(engine, 'filtered', { text });
    expect((await run('throws')).task.error?.message).toBe('thrown by the filter');
    expect((await run('observable')).task.error?.message).toBe('emitted by the filter');
    expect(await run('output')).toMatchObject({ task: { status: 'COMPLETED' }, output: { text: 'instead' } });
    expect((await run('looks')).task.error?.message).toBe('of the agent');
    expect(heard).toEqual(['of the agent']);
  });

  it('catches what guards and pipes throw, and never what the engine throws', async () => {
    @Catch()
    class Listener implements ExceptionFilter {
      catch(error: Error): void {
        heard.push(error.name);
      }
    }
    class No implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }
    @UseFilters(Listener)
    @TaskAgent({ name: 'skipping', input: Nothing, output: Nothing })
    class Skipping {
      execute(_input: object, ctx: TaskContext): never {
        return ctx.skip('nothing to do');
      }
    }
    @UseGuards(No)
    @UseFilters(Listener)
    @TaskAgent({ name: 'guarded', input: Nothing, output: Nothing })
    class Guarded {
      execute(): Record<string, never> {
        return {};
      }
    }
    const { engine } = await standalone({ providers: [Skipping, Guarded] });
    expect((await runTask(engine, 'skipping')).task.status).toBe('SKIPPED');
    expect((await runTask(engine, 'guarded')).task.error?.code).toBe('TASK_FORBIDDEN');
    expect(heard).toEqual(['ForbiddenException']);
  });
});

describe('global enhancers', () => {
  @TaskAgent({ name: 'echo', input: Text, output: Text })
  class Echo {
    execute(input: { text: string }) {
      return input;
    }
  }
  @Injectable()
  class Guard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      heard.push(`guard ${context.getType<string>()}`);
      return true;
    }
  }
  @Injectable()
  class Interceptor implements NestInterceptor {
    intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
      heard.push('interceptor');
      return next.handle();
    }
  }
  class Pipe implements PipeTransform {
    transform(value: { text: string }): object {
      heard.push('pipe');
      if (value.text === 'fail') throw new QuietError('refused');
      return value;
    }
  }
  class QuietError extends Error {}
  @Catch(QuietError)
  class Filter implements ExceptionFilter {
    catch(): object {
      heard.push('filter');
      return { text: 'filtered' };
    }
  }
  const all = [
    { provide: APP_GUARD, useClass: Guard },
    { provide: APP_INTERCEPTOR, useClass: Interceptor },
    { provide: APP_PIPE, useClass: Pipe },
    { provide: APP_FILTER, useClass: Filter },
  ];

  it('of the application run around agents, in NestJS’s order', async () => {
    const { engine } = await standalone({ providers: [Echo, ...all] });
    expect((await runTask(engine, 'echo', { text: 'a' })).output).toEqual({ text: 'a' });
    expect(heard.splice(0)).toEqual(['guard task', 'interceptor', 'pipe']);
    expect((await runTask(engine, 'echo', { text: 'fail' })).output).toEqual({ text: 'filtered' });
    expect(heard).toEqual(['guard task', 'interceptor', 'pipe', 'filter']);
  });

  it('stay away from agents where that was said; those of the class do not', async () => {
    @UseGuards(Guard)
    @TaskAgent({ name: 'guarded-echo', input: Text, output: Text })
    class GuardedEcho {
      execute(input: { text: string }) {
        return input;
      }
    }
    const { engine } = await standalone({ taskloom: { globalEnhancers: false }, providers: [Echo, GuardedEcho, ...all] });
    await runTask(engine, 'echo', { text: 'a' });
    expect(heard).toEqual([]);
    await runTask(engine, 'guarded-echo', { text: 'a' });
    expect(heard).toEqual(['guard task']);
  });

  it('that are made for HTTP only are told from tasks by the failure', async () => {
    @Injectable()
    class TokenGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return headers['authorization'] === 'Bearer x';
      }
    }
    const { engine } = await standalone({ providers: [Echo, { provide: APP_GUARD, useClass: TokenGuard }] });
    expect((await runTask(engine, 'echo', { text: 'a' })).task.error).toMatchObject({
      code: 'AGENT_FAILED',
      message: expect.stringContaining("`context.getType() === 'task'`"),
    });
  });

  it('of request scope are made for each task, and know it', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerTask implements CanActivate {
      constructor(
        @Inject(REQUEST) private readonly task: TaskContext,
        private readonly ears: Ears,
      ) {}

      canActivate(): boolean {
        this.ears.hear(this.task.idempotencyKey);
        return true;
      }
    }
    const { engine } = await standalone({ providers: [Ears, Echo, { provide: APP_GUARD, useClass: PerTask }] });
    await runTask(engine, 'echo', { text: 'a' });
    await runTask(engine, 'echo', { text: 'b' });
    expect(new Set(heard).size).toBe(2);
  });
});
