import { z } from 'zod';

import { defineAgent, type AgentDefinition, type AgentOptions, type Schema, type TaskContext } from '../../src/index.js';

type Settings = Partial<Omit<AgentOptions<Schema, Schema>, 'name' | 'input' | 'output'>>;

/** An agent without a contract: takes anything, gives anything; nothing (`undefined`) counts as `null`. */
export function agent(
  name: string,
  execute: (input: never, ctx: TaskContext) => unknown = () => null,
  settings: Settings = {},
): AgentDefinition {
  const run = execute as (input: unknown, ctx: TaskContext) => unknown;
  return defineAgent({
    name,
    input: z.unknown(),
    output: z.unknown(),
    ...settings,
    execute: (input, ctx) => {
      const result = run(input, ctx);
      return result instanceof Promise ? result.then(nullForNothing) : nullForNothing(result);
    },
  });
}

function nullForNothing(value: unknown): unknown {
  return value === undefined ? null : value;
}

/** Gives its input back. */
export const echo = agent('echo', (input: unknown) => input);

/** An agent that notes each of its starts, for tests that count them. */
export function counted(
  name: string,
  execute: (input: never, ctx: TaskContext) => unknown = () => null,
  settings: Settings = {},
): { readonly agent: AgentDefinition; readonly starts: string[] } {
  const starts: string[] = [];
  const definition = agent(
    name,
    (input: never, ctx) => {
      starts.push(ctx.task.key);
      return execute(input, ctx);
    },
    settings,
  );
  return { agent: definition, starts };
}
