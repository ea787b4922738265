import { ForbiddenException, type ArgumentMetadata } from '@nestjs/common';
import { RouteParamtypes, selectExceptionFilterMetadata } from '@nestjs/common/internal';
import { ExecutionContextHost, FORBIDDEN_MESSAGE, GuardsConsumer, InterceptorsConsumer, PipesConsumer } from '@nestjs/core/internal';
import type { TaskContext } from '@taskloom/core';
import { isSteeringSignal } from '@taskloom/core/internal';
import { isObservable, lastValueFrom } from 'rxjs';

import { codedRefusal, type Phase } from './coded-refusal.js';
import type { AgentInstance, EnhancersOfAgent } from './enhancers.js';
import type { TaskContextType } from './task-execution-context.js';

const guardsConsumer = new GuardsConsumer();
const interceptorsConsumer = new InterceptorsConsumer();
const pipesConsumer = new PipesConsumer();
const TYPE: TaskContextType = 'task';

/**
 * Calls an agent as NestJS calls a handler: guards, then interceptors around pipes and `execute`, then filters for
 * whatever was thrown. What the engine throws to end a run (`ctx.skip`, a suspension) is not for filters.
 *
 * @throws TaskloomError `TASK_FORBIDDEN` where a guard refuses, `INPUT_SCHEMA` where a pipe does; what filters make of
 *   an error; everything else as thrown
 */
export async function callEnhanced(
  instance: AgentInstance,
  { guards, interceptors, pipes, filters }: EnhancersOfAgent,
  input: unknown,
  task: TaskContext,
): Promise<unknown> {
  const { execute } = instance;
  const args = [input, task];
  let phase: Phase = 'guards';
  /** What the engine ended the run with. */
  const ended: { by: Error | null } = { by: null };

  const run = async (): Promise<unknown> => {
    phase = 'pipes';
    const piped = pipes.length === 0 ? input : await pipesConsumer.apply(input, inputMetadata(instance), pipes);
    phase = 'agent';
    try {
      return await execute.call(instance, piped, task);
    } catch (error) {
      if (isSteeringSignal(error)) ended.by = error as Error;
      throw error;
    }
  };

  try {
    const mayRun = await guardsConsumer.tryActivate<TaskContextType>(guards, args, instance, execute, TYPE);
    if (!mayRun) throw new ForbiddenException(FORBIDDEN_MESSAGE);
    phase = 'agent';
    const result = await valueOf(await interceptorsConsumer.intercept<TaskContextType>(interceptors, args, instance, execute, run, TYPE));
    if (!ended.by) return result;
  } catch (error) {
    if (!ended.by) return filtered(error, phase);
  }
  // Also where an interceptor kept it to itself.
  throw ended.by;

  /** What the first filter that catches the error makes of it: an error to fail with, or the task's output. */
  async function filtered(error: unknown, thrownIn: Phase): Promise<unknown> {
    const filter = selectExceptionFilterMetadata(filters, error);
    if (!filter) throw codedRefusal(error, thrownIn, task);
    const host = new ExecutionContextHost(args, instance.constructor as never, execute);
    host.setType<TaskContextType>(TYPE);
    const answer = await valueOf(await filter.func(error, host));
    if (answer === undefined) throw codedRefusal(error, thrownIn, task);
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** For a pipe the input is the body of a request; its class is known where a decorator stands on `execute`. */
function inputMetadata(instance: AgentInstance): ArgumentMetadata {
  const types = Reflect.getMetadata('design:paramtypes', instance, 'execute') as ArgumentMetadata['metatype'][] | undefined;
  return { type: RouteParamtypes.BODY as unknown as ArgumentMetadata['type'], metatype: types?.[0], data: undefined };
}

async function valueOf(result: unknown): Promise<unknown> {
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
