import { describeIssues, validate, type SchemaIssue } from '../authoring/schema.js';
import type { AgentDefinition } from '../authoring/agent-definition.js';
import { GraphError, type GraphProblem } from '../errors/graph-error.js';
import { byteLength, findJsonProblem, parsePointer, type Json, type JsonObject } from '../kernel/json.js';
import { Slice } from '../kernel/slices.js';
import type { TaskSubmission } from '../model/submission.js';
import { INPUT_TEXT_OVERHEAD, inputText } from '../model/input-text.js';
import type { InputTemplate, TaskSpec } from '../model/task.js';
import type { Registry } from '../runtime/registry.js';

/** After so many it is asked whether others have waited long. */
const SPECS_PER_STEP = 64;

/**
 * What is wrong with the inputs of a checked graph: values that are not JSON or too large, literal inputs that do not fit
 * their agent's schema, and holes that may stay empty although the schema needs them. An input with holes is checked
 * against its schema when its task starts.
 */
export async function checkInputs(specs: readonly TaskSpec[], registry: Registry, maxBytes: number): Promise<GraphProblem[]> {
  const problems: GraphProblem[] = [];
  const slice = new Slice();
  for (const [index, spec] of specs.entries()) {
    if (index % SPECS_PER_STEP === 0 && slice.isOver) await slice.next();
    const input = spec.map ? spec.map.input : spec.input;
    const notStorable = checkTemplate(spec.key, input, maxBytes) ?? checkRest(spec, maxBytes);
    if (notStorable) {
      problems.push(notStorable);
      continue;
    }
    const agentName = spec.map ? spec.map.agent : spec.agent;
    const agent = agentName === null ? undefined : registry.agent(agentName);
    if (!agent) continue;
    if (spec.recovery?.kind === 'use-value')
      problems.push(...(await checkFallbackValue(spec.key, spec.recovery.value, agent, spec.map !== null)).problems);
    if (input.refs.length > 0 || spec.map) {
      problems.push(...checkHoles(spec, agent.inputJsonSchema));
      continue;
    }
    // A promise for each of 100,000 inputs would cost more than checking them.
    const pending = validate(agent.inputSchema, input.value);
    const checked = pending instanceof Promise ? await pending : pending;
    if (!checked.ok) problems.push(misfit(spec.key, agent.name, checked.issues));
  }
  return problems;
}

/**
 * Tasks for a job that runs: their values must be storable, and literal inputs must fit. What depends on the job's graph is
 * checked with it.
 *
 * @returns the tasks, with values that stand in for outputs as their agents' own would be stored
 * @throws GraphError with every problem
 */
export async function checkSubmissions(
  tasks: readonly TaskSubmission[],
  registry: Registry,
  maxBytes: number,
): Promise<readonly TaskSubmission[]> {
  const problems: GraphProblem[] = [];
  const complete: TaskSubmission[] = [];
  for (const task of tasks) {
    const { key, agent: name, input = null, refs = [], metadata, useValue } = task;
    const notStorable = [input, metadata, useValue]
      .map((value) => (value === undefined ? null : checkStorable(String(key), value, maxBytes)))
      .find((problem) => problem !== null);
    if (notStorable) problems.push(notStorable);
    const repeated = task.map?.agent ?? name;
    const giver = repeated === undefined || useValue === undefined || notStorable ? undefined : registry.agent(repeated);
    const given = giver ? await checkFallbackValue(key, useValue!, giver, task.map !== undefined) : null;
    problems.push(...(given?.problems ?? []));
    complete.push(given ? { ...task, useValue: given.value } : task);
    const agent = name === undefined || refs.length > 0 || notStorable ? undefined : registry.agent(name);
    const checked = agent ? await validate(agent.inputSchema, input) : null;
    if (checked && !checked.ok) problems.push(misfit(key, agent!.name, checked.issues));
  }
  if (problems.length > 0) throw new GraphError(problems);
  return complete;
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

/** The tasks with the values that stand in for their outputs as their agents' own would be stored. */
export async function withParsedValues(specs: readonly TaskSpec[], registry: Registry): Promise<readonly TaskSpec[]> {
  if (!specs.some(({ recovery }) => recovery?.kind === 'use-value')) return specs;
  return Promise.all(
    specs.map(async (spec) => {
      const { recovery, map } = spec;
      const agent = registry.agent(map ? map.agent : (spec.agent ?? ''));
      if (recovery?.kind !== 'use-value' || !agent) return spec;
      const { value } = await checkFallbackValue(spec.key, recovery.value, agent, map !== null);
      return { ...spec, recovery: { ...recovery, value } };
    }),
  );
}

/** Why what stands beside the input (fallbacks of refs, metadata) cannot be stored, or `null`. */
function checkRest(spec: TaskSpec, maxBytes: number): GraphProblem | null {
  const { refs } = spec.map ? spec.map.input : spec.input;
  const value = spec.recovery?.kind === 'use-value' ? spec.recovery.value : undefined;
  if (refs.length === 0 && spec.metadata === null && spec.condition === null && value === undefined) return null;
  const rest: readonly (Json | undefined)[] = [spec.metadata ?? undefined, value, spec.condition?.or, ...refs.map((ref) => ref.or)];
  for (const part of rest) {
    const problem = part === undefined ? null : checkStorable(spec.key, part, maxBytes);
    if (problem) return { ...problem, message: problem.message.replace('The input of', 'A fallback or the metadata of') };
  }
  return null;
}

function checkTemplate(owner: string, input: InputTemplate, maxBytes: number): GraphProblem | null {
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

/** A ref over an edge that lets its source end without an output needs a fallback, a list or an optional property. */
function checkHoles(spec: TaskSpec, schema: JsonObject): GraphProblem[] {
  const refs = spec.map ? spec.map.input.refs : spec.input.refs;
  return refs.flatMap((ref) => {
    const mode = spec.dependencies.find(({ on }) => on === ref.task)?.mode ?? 'completed';
    if (mode === 'completed' || ref.or !== undefined || mayBeAbsent(schema, parsePointer(ref.at) ?? [])) return [];
    return [
      {
        code: 'MISSING_INPUT' as const,
        taskKey: spec.key,
        message: `"${spec.key}" refers at ${ref.at === '' ? '(root)' : ref.at} to a task that may end without an output (it depends on it by mode "${mode}"), but its schema needs a value there: make the property optional, or give the ref a fallback with .or(value).`,
        details: { at: ref.at },
      },
    ];
  });
}

function mayBeAbsent(schema: JsonObject, path: readonly string[]): boolean {
  if (path.length === 0) return false;
  let current: JsonObject | null = schema;
  for (const [index, segment] of path.entries()) {
    const isLast = index === path.length - 1;
    if (current['type'] === 'array' || /^\d+$/.test(segment)) {
      if (isLast) return true;
      current = objectAt(current, 'items');
    } else {
      const required = Array.isArray(current['required']) ? (current['required'] as readonly Json[]) : [];
      if (isLast) return !required.includes(segment);
      current = objectAt(objectAt(current, 'properties') ?? {}, segment);
    }
    // What the schema does not spell out (a union, a $ref) is checked when the task starts.
    if (!current) return true;
  }
  return true;
}

function objectAt(parent: JsonObject, key: string): JsonObject | null {
  const value = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}
