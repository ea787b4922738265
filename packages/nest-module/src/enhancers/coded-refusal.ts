import { HttpException } from '@nestjs/common';
import { isTaskloomError, TaskloomError, type TaskContext } from '@taskloom/core';

/** What was running when something was thrown. */
export type Phase = 'guards' | 'pipes' | 'agent';

/** What guards and pipes threw, as the failure of a task. It would be the same at each further attempt, so there is none. */
export function codedRefusal(thrown: unknown, phase: Phase, task: TaskContext): unknown {
  if (phase === 'agent' || isTaskloomError(thrown)) return thrown;
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    if (phase === 'guards' && (status === 401 || status === 403))
      return new TaskloomError('TASK_FORBIDDEN', `A guard does not let "${task.task.key}" run: ${messageOf(thrown)}`, { cause: thrown });
    if (phase === 'pipes' && status < 500)
      return new TaskloomError('INPUT_SCHEMA', `A pipe refuses the input of "${task.task.key}": ${messageOf(thrown)}`, { cause: thrown });
  }
  if (phase === 'guards' && thrown instanceof TypeError)
    return new TypeError(
      `A guard failed before the agent ran: ${thrown.message}. A guard that is made for HTTP requests can tell tasks apart by \`context.getType() === 'task'\`.`,
      { cause: thrown },
    );
  return thrown;
}

/** NestJS's own pipes put one message for each fault into the response. */
function messageOf(exception: HttpException): string {
  const response = exception.getResponse();
  const messages: unknown = typeof response === 'object' && 'message' in response ? response.message : null;
  return Array.isArray(messages) ? messages.join('; ') : exception.message;
}
