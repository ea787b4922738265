import { defineAgent, type AgentDefinition, type AgentOptions } from '../authoring/agent-definition.js';
import type { Schema } from '../authoring/schema.js';
import type { TaskContext } from '../authoring/task-context.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Json } from '../kernel/json.js';

/** What a scripted agent does in one call. */
export type ScriptStep =
  | { readonly returns: unknown }
  | { readonly throws: unknown }
  /** Never settles by itself; ends when its signal aborts. */
  | { readonly hangs: true }
  | ((input: Json, ctx: TaskContext) => unknown);

export interface ScriptedCall {
  readonly taskKey: string;
  readonly attempt: number;
  readonly input: Json;
}

export interface ScriptedAgent {
  readonly agent: AgentDefinition;
  /** Every call so far, in order. */
  readonly calls: readonly ScriptedCall[];
}

type ScriptedOptions = Partial<Omit<AgentOptions<Schema, Schema>, 'name'>>;

/**
 * An agent that does what it is told, call by call; the last step repeats. Without schemas it takes and gives any JSON.
 *
 * @throws TaskloomError `OPTIONS_INVALID` for an empty script
 */
export function scriptedAgent(name: string, script: ScriptStep | readonly ScriptStep[], options: ScriptedOptions = {}): ScriptedAgent {
  const steps = Array.isArray(script) ? (script as readonly ScriptStep[]) : [script as ScriptStep];
  if (steps.length === 0) throw new TaskloomError('OPTIONS_INVALID', `The script of the agent "${name}" is empty.`);
  const calls: ScriptedCall[] = [];
  const agent = defineAgent({
    input: anything,
    output: anything,
    ...options,
    name,
    execute: (input, ctx) => {
      const step = steps[Math.min(calls.length, steps.length - 1)]!;
      calls.push({ taskKey: ctx.task.key, attempt: ctx.attempt.number, input: input as Json });
      return play(step, input as Json, ctx);
    },
  });
  return { agent, calls };
}

function play(step: ScriptStep, input: Json, ctx: TaskContext): unknown {
  if (typeof step === 'function') return step(input, ctx);
  if ('returns' in step) return step.returns;
  if ('throws' in step) throw step.throws;
  return new Promise((_, reject) => {
    const stop = (): void => reject(ctx.signal.reason as Error);
    if (ctx.signal.aborted) stop();
    else ctx.signal.addEventListener('abort', stop, { once: true });
  });
}

/** Takes any JSON: a schema library is not needed for tests. */
const anything: Schema = {
  '~standard': {
    version: 1,
    vendor: 'taskloom',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};
