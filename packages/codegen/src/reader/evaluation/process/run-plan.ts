/* Runs a workflow's `plan` once, on the example input, and tells what it laid out. Nothing is stored, no agent runs. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import type { AgentTarget, Flow, JsonObject, Schema, TaskSubmission } from '@taskloom/core';
import { manifestOf } from '@taskloom/decorators/manifest';

import type { PlannedDependency, PlannedTask } from '../../../shape/plan-graph.js';
import type { PlanOutcome, PlanRequest } from '../evaluation-protocol.js';
import { optionsOf } from './describe-definition.js';

interface EngineParts {
  readonly Flow: new () => Flow;
  readonly compileFlow: (
    flow: Flow,
    returned: unknown,
    nameOf: (target: AgentTarget) => string,
  ) => { readonly tasks: readonly TaskSubmission[] };
}

/** @param url the module of the workflow, whose own copy of the engine is used */
export async function runPlan(value: unknown, request: PlanRequest, url: string): Promise<PlanOutcome> {
  try {
    const { Flow: FlowOfModule, compileFlow } = await enginePartsFor(url);
    const flow = new FlowOfModule();
    const returned: unknown = await planOf(value)(flow, await parsedExample(value, request));
    return { tasks: compileFlow(flow, returned, nameOfTarget).tasks.map(plannedTask) };
  } catch (error) {
    return { reason: (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]! };
  }
}

/** Refs and drafts are told by their classes, so both sides must use one copy of the engine. */
async function enginePartsFor(url: string): Promise<EngineParts> {
  const load = async (specifier: string): Promise<unknown> => {
    try {
      return await import(pathToFileURL(createRequire(url).resolve(specifier)).href);
    } catch {
      // The project has the engine through another package only, and so has this one.
      return import(specifier);
    }
  };
  return { ...((await load('@taskloom/core')) as object), ...((await load('@taskloom/core/internal')) as object) } as EngineParts;
}

/** Nothing is injected here, so a constructor gets nothing. */
function planOf(value: unknown): (flow: Flow, input: unknown) => unknown {
  const planner = (typeof value === 'function' ? Reflect.construct(value, []) : value) as { plan: (flow: Flow, input: unknown) => unknown };
  return (flow, input) => planner.plan(flow, input);
}

async function parsedExample(value: unknown, { example, derivedInput }: PlanRequest): Promise<unknown> {
  const schema = derivedInput ? derivedSchema(derivedInput) : (optionsOf(value)?.['input'] as Schema);
  const result = await schema['~standard'].validate(example);
  if (result.issues) throw new Error(`the example does not fit the input: ${result.issues.map(({ message }) => message).join('; ')}`);
  return result.value;
}

function derivedSchema(input: JsonObject): Schema {
  return manifestOf({ agents: {}, workflows: { example: { input } } }).workflows['example']!.input!;
}

function nameOfTarget(target: AgentTarget): string {
  if (typeof target === 'string') return target;
  const name = optionsOf(target)?.['name'];
  return typeof name === 'string' ? name : 'unknown';
}

function plannedTask(task: TaskSubmission): PlannedTask {
  const dependencies = new Map<string, PlannedDependency>();
  const add = (on: string, mode: string): void => void dependencies.set(`${mode} ${on}`, { on, mode });
  const modes = new Map(
    (task.dependsOn ?? []).map((one) => (typeof one === 'string' ? [one, 'completed'] : [one.task, one.mode ?? 'completed'])),
  );
  for (const [on, mode] of modes) add(on, mode);
  const sources = [...(task.refs ?? []), ...(task.map ? [task.map.over, ...task.map.input.refs] : [])];
  for (const { task: on } of sources) if (!modes.has(on)) add(on, 'completed');
  if (task.when) add(task.when.task, 'when');
  return {
    key: task.key,
    name: task.name ?? task.key,
    kind: task.type === 'STORY' ? 'story' : 'task',
    agent: task.agent ?? task.map?.agent ?? null,
    parent: task.parent ?? null,
    isEach: task.map !== undefined,
    dependencies: [...dependencies.values()],
  };
}
