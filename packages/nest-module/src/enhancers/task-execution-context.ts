import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import type { TaskContext } from '@taskloom/core';

/** What `context.getType()` says where a guard, interceptor, pipe or filter runs for an agent's task. */
export type TaskContextType = 'task';

/** The parts of a task that an enhancer may want to know, read out of NestJS's `ExecutionContext` (or a filter's `ArgumentsHost`). */
export class TaskExecutionContext {
  private constructor(private readonly host: ArgumentsHost) {}

  /** Whether an enhancer runs for a task, and not for an HTTP request or whatever else the application serves. */
  static is(host: ArgumentsHost): boolean {
    return host.getType<string>() === ('task' satisfies TaskContextType);
  }

  /** Only where {@link TaskExecutionContext.is} is true. */
  static of(host: ArgumentsHost | ExecutionContext): TaskExecutionContext {
    return new TaskExecutionContext(host);
  }

  /** The agent's input as its schema parsed it, before pipes. */
  get input(): unknown {
    return this.host.getArgByIndex<unknown>(0);
  }

  /** What the agent gets as its second argument. */
  get task(): TaskContext {
    return this.host.getArgByIndex<TaskContext>(1);
  }
}
