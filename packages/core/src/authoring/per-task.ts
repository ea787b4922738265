import { inLog } from '../errors/in-log.js';
import { serializeError } from '../errors/serialize-error.js';
import { steeringOf } from '../errors/steering-errors.js';
import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { TaskContext } from './task-context.js';

interface Instance {
  execute(input: unknown, ctx: TaskContext): unknown;
  [Symbol.asyncDispose]?(): unknown;
  [Symbol.dispose]?(): unknown;
}

/**
 * An agent's `execute` that has a new instance made for each run, and disposes of it when the run has come to its end: also when
 * it failed, was told to stop, or goes on to wait.
 */
export function perTask(name: string, create: () => unknown): (input: never, ctx: TaskContext) => Promise<unknown> {
  return async (input, ctx) => {
    const instance = await make(name, create);
    try {
      // Its time may have been up, or the task cancelled, while it was made.
      if (ctx.signal.aborted) throw ctx.signal.reason;
      return await instance.execute(input, ctx);
    } finally {
      await dispose(instance, ctx);
    }
  };
}

/** @throws TaskloomError `AGENT_FACTORY_FAILED`; what says itself what it is, as it is */
async function make(name: string, create: () => unknown): Promise<Instance> {
  let made: unknown;
  try {
    made = await create();
  } catch (error) {
    if (isTaskloomError(error) || steeringOf(error)) throw error;
    throw new TaskloomError('AGENT_FACTORY_FAILED', `\`create\` of agent "${name}" failed: ${serializeError(error).message}`, {
      cause: error,
      details: { agent: name },
    });
  }
  if (typeof (made as Partial<Instance> | null | undefined)?.execute === 'function') return made as Instance;
  throw new TaskloomError('AGENT_FACTORY_FAILED', `What \`create\` of agent "${name}" made has no method \`execute\`.`, {
    details: { agent: name },
  });
}

/** What the run has come to stands, whatever becomes of its instance. */
async function dispose(instance: Instance, ctx: TaskContext): Promise<void> {
  try {
    if (instance[Symbol.asyncDispose]) await instance[Symbol.asyncDispose]?.();
    else instance[Symbol.dispose]?.();
  } catch (error) {
    ctx.logger.warn('The instance of an agent could not be disposed of.', inLog(error));
  }
}
