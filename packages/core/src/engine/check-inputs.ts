import { describeIssues, validate, type SchemaIssue } from '../authoring/schema.js';
import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { GraphProblem } from '../errors/graph-error.js';
import { byteLength, findJsonProblem, type Json, type JsonObject } from '../kernel/json.js';
import { Slice } from '../kernel/slices.js';
import type { TaskSubmission } from '../model/submission.js';
import { INPUT_TEXT_OVERHEAD, inputText } from '../model/input-text.js';
import type { Recovery, TaskSpec } from '../model/task.js';
import type { Registry } from '../runtime/registry.js';

/** The values of a task, submitted or numbered. */
interface TaskValues {
  readonly key: string;
  readonly agent: string | null;
  readonly input: InputValues;
  readonly map: { readonly agent: string; readonly input: InputValues; readonly items: readonly WithFallback[] } | null;
  readonly condition: WithFallback | null;
  readonly recovery: Recovery | null;
  readonly metadata: JsonObject | null;
}

interface InputValues {
  readonly value: Json;
  readonly refs: readonly WithFallback[];
}

interface WithFallback {
  readonly or?: Json;
}

/** After so many it is asked whether others have waited long. */
const TASKS_PER_STEP = 64;

/**
 * What is wrong with the values of tasks: such that are not JSON or too large, and literal inputs that do not fit their agent's
 * schema. An input with holes is checked against its schema when its task starts.
 */
export async function checkInputs(tasks: readonly TaskValues[], registry: Registry, maxBytes: number): Promise<GraphProblem[]> {
  const problems: GraphProblem[] = [];
  const slice = new Slice();
  for (let index = 0; index < tasks.length; index += 1) {
    const task = tasks[index]!;
    if (index % TASKS_PER_STEP === 0 && slice.isOver) await slice.next();
    const input = task.map ? task.map.input : task.input;
    const notStorable = checkInput(task.key, input, maxBytes) ?? checkRest(task, maxBytes);
    if (notStorable) {
      problems.push(notStorable);
      continue;
    }
    const agent = agentOf(task, registry);
    if (!agent) continue;
    if (task.recovery?.kind === 'use-value')
      problems.push(...(await checkFallbackValue(task.key, task.recovery.value, agent, task.map !== null)).problems);
    if (input.refs.length > 0 || task.map) continue;
    // A promise for each of 100,000 inputs would cost more than checking them.
    const pending = validate(agent.inputSchema, input.value);
    const checked = pending instanceof Promise ? await pending : pending;
    if (!checked.ok) problems.push(misfit(task.key, agent.name, checked.issues));
  }
  return problems;
}

/** The same for tasks that have no numbers yet, since the job that they join is not at hand. */
export function checkSubmittedInputs(tasks: readonly TaskSubmission[], registry: Registry, maxBytes: number): Promise<GraphProblem[]> {
  return checkInputs(tasks.map(valuesOf), registry, maxBytes);
}

function valuesOf(task: TaskSubmission): TaskValues {
  const { key, agent, input, refs, map, when, useValue, metadata } = task;
  return {
    key,
    agent: agent ?? null,
    input: { value: input ?? null, refs: refs ?? [] },
    map: map ?? null,
    condition: when ?? null,
    recovery: useValue === undefined ? null : { kind: 'use-value', value: useValue },
    metadata: metadata ?? null,
  };
}

/** The agent that works on the values: of a map, the one that it repeats. */
function agentOf({ map, agent }: TaskValues, registry: Registry): AgentDefinition | undefined {
  const name = map ? map.agent : agent;
  return name === null ? undefined : registry.agent(name);
}

/**
 * What is to stand in for a failed task's output must be one: of a map, a list of outputs of the agent it repeats.
 *
 * @returns the value as the agent's own would be stored, and what is wrong with it
 */
async function checkFallbackValue(
  key: string,
  value: Json,
  agent: AgentDefinition,
  isList: boolean,
): Promise<{ readonly value: Json; readonly problems: readonly GraphProblem[] }> {
  const problem = (what: string): GraphProblem => ({
    code: 'OUTPUT_SCHEMA',
    taskKey: key,
    message: `\`useValue\` of "${key}" ${what}.`,
    details: { agent: agent.name },
  });
  if (isList && !Array.isArray(value)) return { value, problems: [problem('must be a list: its map gives one')] };
  const parsed: Json[] = [];
  const problems: GraphProblem[] = [];
  for (const one of isList ? (value as readonly Json[]) : [value]) {
    const checked = await validate(agent.outputSchema, one);
    if (checked.ok) parsed.push(checked.value as Json);
    else problems.push(problem(`does not fit the output schema of "${agent.name}": ${describeIssues(checked.issues)}`));
  }
  return { value: isList ? parsed : (parsed[0] ?? null), problems };
}

/** Checked tasks, with the values that stand in for their outputs as their agents' own would be stored. */
export async function withParsedValues(specs: readonly TaskSpec[], registry: Registry): Promise<readonly TaskSpec[]> {
  if (!specs.some(({ recovery }) => recovery?.kind === 'use-value')) return specs;
  return Promise.all(
    specs.map(async (spec) => {
      const value = await parsedValueOf(spec, registry);
      return value === undefined ? spec : { ...spec, recovery: { kind: 'use-value', value } };
    }),
  );
}

/** The same for tasks that have no numbers yet. */
export function withSubmittedValuesParsed(tasks: readonly TaskSubmission[], registry: Registry): Promise<readonly TaskSubmission[]> {
  return Promise.all(
    tasks.map(async (task) => {
      const value = task.useValue === undefined ? undefined : await parsedValueOf(valuesOf(task), registry);
      return value === undefined ? task : { ...task, useValue: value };
    }),
  );
}

async function parsedValueOf(task: TaskValues, registry: Registry): Promise<Json | undefined> {
  const agent = agentOf(task, registry);
  if (task.recovery?.kind !== 'use-value' || !agent) return undefined;
  return (await checkFallbackValue(task.key, task.recovery.value, agent, task.map !== null)).value;
}

/** Why what stands beside the input (fallbacks of refs, metadata) cannot be stored, or `null`. */
function checkRest(task: TaskValues, maxBytes: number): GraphProblem | null {
  const { map, condition, metadata, recovery } = task;
  const { refs } = map ? map.input : task.input;
  const value = recovery?.kind === 'use-value' ? recovery.value : undefined;
  if (refs.length === 0 && map === null && metadata === null && condition === null && value === undefined) return null;
  const holes = [...refs, ...(map ? map.items : [])];
  const rest: readonly (Json | undefined)[] = [metadata ?? undefined, value, condition?.or, ...holes.map(({ or }) => or)];
  for (const part of rest) {
    const problem = part === undefined ? null : checkStorable(task.key, part, maxBytes);
    if (problem) return { ...problem, message: problem.message.replace('The input of', 'A fallback or the metadata of') };
  }
  return null;
}

function checkInput(owner: string, input: InputValues, maxBytes: number): GraphProblem | null {
  if (input.value === null) return null;
  // Fallbacks of refs are checked apart, and may be no JSON at all.
  if (input.refs.length > 0) return checkStorable(owner, input.value, maxBytes);
  const problem = findJsonProblem(input.value);
  // A character has at most three bytes: most inputs need not be counted.
  const isSmall = problem === null && (inputText(input).length - INPUT_TEXT_OVERHEAD) * 3 <= maxBytes;
  return isSmall ? null : checkStorable(owner, input.value, maxBytes);
}

/** Why a value cannot be stored as an input, or `null`. */
export function checkStorable(owner: string, value: Json, maxBytes: number): GraphProblem | null {
  const problem = findJsonProblem(value);
  if (problem)
    return {
      code: 'INPUT_NOT_JSON',
      taskKey: owner,
      message: `The input of "${owner}" is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`,
      details: { path: problem.path },
    };
  const bytes = value === null ? 0 : byteLength(JSON.stringify(value));
  if (bytes > maxBytes)
    return {
      code: 'INPUT_TOO_LARGE',
      taskKey: owner,
      message: `The input of "${owner}" has ${bytes} bytes; at most ${maxBytes} are stored.`,
      details: { bytes, limit: maxBytes },
    };
  return null;
}

function misfit(key: string, agentName: string, issues: readonly SchemaIssue[]): GraphProblem {
  return {
    code: 'INPUT_SCHEMA',
    taskKey: key,
    message: `The input of "${key}" does not fit the schema of "${agentName}": ${describeIssues(issues)}.`,
    details: { agent: agentName, issues: issues.map((issue) => ({ ...issue })) },
  };
}
