import type { PlanResult, Schema, SchemaOutput, WorkflowOptions } from '@taskloom/core';

import { applyDecorator } from './apply-decorator.js';
import type { ClassWithPlan } from './decorated-class.js';
import { WORKFLOW_OPTIONS } from './metadata/metadata-keys.js';

/**
 * Options of {@link Workflow}: those of every workflow. `input` and `output` may be left out; then the generator derives
 * them from the types of `plan`, and its manifest brings them to run time.
 */
export interface WorkflowDecoratorOptions<In extends Schema, Out extends Schema> extends Omit<WorkflowOptions<In, Out>, 'input'> {
  /** Checks what a job is started with; `plan` gets the parsed value. Absent: derived from `plan`'s second parameter. */
  readonly input?: In;
}

/**
 * Makes a class a workflow: a provider of NestJS whose `plan(flow, input)` lays out the graph of a job, once, before the
 * job runs. The compiler checks `plan`'s parameter and, where `output` is declared, the refs it returns.
 *
 * A class counts only when it is decorated itself; its `plan` may be inherited.
 *
 * @throws TaskloomError `DECORATOR_MISUSE`, when the class is defined, where the decorator cannot work
 */
export function Workflow<In extends Schema = Schema<unknown, never>, Out extends Schema = Schema<unknown>>(
  options: WorkflowDecoratorOptions<In, Out>,
): (target: ClassWithPlan<SchemaOutput<In>, PlanResult<Out>>) => void {
  return applyDecorator(
    { decorator: '@Workflow', kind: 'workflow', key: WORKFLOW_OPTIONS, method: 'plan', example: 'plan(flow, input) { … }' },
    options,
  );
}
