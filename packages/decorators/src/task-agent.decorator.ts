import type { AgentOptions, Schema, SchemaInput, SchemaOutput } from '@taskloom/core';

import { applyDecorator } from './apply-decorator.js';
import type { ClassWithExecute } from './decorated-class.js';
import { AGENT_OPTIONS } from './metadata/metadata-keys.js';

/**
 * Options of {@link TaskAgent}: those of every agent. `input` and `output` may be left out; then the generator derives
 * them from the types of `execute`, and its manifest brings them to run time.
 */
export interface TaskAgentOptions<In extends Schema, Out extends Schema> extends Omit<AgentOptions<In, Out>, 'input' | 'output'> {
  /** Checks what callers give; `execute` gets the parsed value. Absent: derived from `execute`'s first parameter. */
  readonly input?: In;
  /** Checks what `execute` returns; the parsed value is stored. Absent: derived from `execute`'s result. */
  readonly output?: Out;
}

/**
 * Makes a class an agent: a provider of NestJS (nothing else is needed for injection) whose `execute(input, ctx)` runs
 * the tasks that name it. The compiler checks `execute` against both schemas.
 *
 * A class counts only when it is decorated itself; its `execute` may be inherited. Options are checked when the
 * application starts.
 *
 * @throws TaskloomError `DECORATOR_MISUSE`, when the class is defined, where the decorator cannot work
 */
export function TaskAgent<In extends Schema = Schema<unknown, never>, Out extends Schema = Schema<unknown>>(
  options: TaskAgentOptions<In, Out>,
): (target: ClassWithExecute<SchemaOutput<In>, SchemaInput<Out>>) => void {
  return applyDecorator(
    { decorator: '@TaskAgent', kind: 'agent', key: AGENT_OPTIONS, method: 'execute', example: 'async execute(input, ctx) { … }' },
    options,
  );
}
