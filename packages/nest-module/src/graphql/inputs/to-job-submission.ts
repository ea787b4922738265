import type {
  InputSubmission,
  JobOptions,
  JobSubmission,
  MapSubmission,
  RefSubmission,
  StepSubmission,
  TaskSubmission,
} from '@taskloom/core';

import { present } from '../present.js';
import type { ConditionInput } from './condition.input.js';
import type { DependsOnInput } from './depends-on.input.js';
import type { InputTemplateInput } from './input-template.input.js';
import type { JobOptionsInput } from './job-options.input.js';
import type { MapInput } from './map.input.js';
import type { RefInput } from './ref.input.js';
import type { StepInput } from './step.input.js';
import type { SubmitJobInput } from './submit-job.input.js';
import type { TaskInput } from './task.input.js';
import { toTaskOverrides } from './to-task-overrides.js';

/** The engine's form of a submitted job: nulls mean absent, except where JSON stands. */
export function toJobSubmission(job: SubmitJobInput): JobSubmission {
  return {
    name: job.name,
    tasks: job.tasks.map(toTask),
    ...(job.steps ? { steps: job.steps.map(toStep) } : undefined),
    ...(job.input === undefined ? undefined : { input: job.input }),
    ...(job.output ? { output: toTemplate(job.output) } : undefined),
    ...(job.options ? { options: toJobOptions(job.options) } : undefined),
  };
}

export function toJobOptions(options: JobOptionsInput | null | undefined): JobOptions {
  return present(options ?? {});
}

export function toTask(task: TaskInput): TaskSubmission {
  const { input, refs, dependsOn, when, map, overrides, atMostOnce, deadline, runAt, useValue, key, ...rest } = task;
  return {
    key,
    ...present(rest),
    ...(input === undefined ? undefined : { input }),
    ...(useValue === undefined ? undefined : { useValue }),
    ...(atMostOnce ? { durability: 'at-most-once' } : undefined),
    // As texts: what an idempotency key stands for must be JSON.
    ...(deadline ? { deadline: deadline.toISOString() } : undefined),
    ...(runAt ? { runAt: runAt.toISOString() } : undefined),
    ...(refs ? { refs: refs.map(toRef) } : undefined),
    ...(dependsOn ? { dependsOn: dependsOn.map(toDependency) } : undefined),
    ...(when ? { when: toCondition(when) } : undefined),
    ...(map ? { map: toMap(map) } : undefined),
    ...(overrides ? { overrides: toTaskOverrides(overrides, `task "${key}"`) } : undefined),
  };
}

function toStep({ parallel, ...task }: StepInput): StepSubmission {
  return { ...toTask(task), ...present({ parallel }) };
}

function toRef({ at, task, path, or }: RefInput): RefSubmission {
  return { at, task, ...present({ path }), ...(or === undefined ? undefined : { or }) };
}

function toCondition({ task, path, or }: ConditionInput): NonNullable<TaskSubmission['when']> {
  return { task, ...present({ path }), ...(or === undefined ? undefined : { or }) };
}

function toDependency({ task, mode }: DependsOnInput): { task: string; mode?: NonNullable<DependsOnInput['mode']> } {
  return { task, ...present({ mode }) };
}

function toTemplate(template: InputTemplateInput): InputSubmission {
  return { value: template.value ?? null, refs: (template.refs ?? []).map(toRef) };
}

function toMap({ over, agent, input, items, batch, name, overrides }: MapInput): MapSubmission {
  return {
    over: { task: over.task, ...present({ path: over.path }) },
    agent,
    input: toTemplate(input),
    items: items.map(({ at, path, or }) => ({ at, path: path ?? '', ...(or === undefined ? undefined : { or }) })),
    ...present({ batch, name }),
    ...(overrides ? { overrides: toTaskOverrides(overrides, `mapped tasks of agent "${agent}"`) } : undefined),
  };
}
