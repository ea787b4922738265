import type { AgentDefinition } from '../authoring/agent-definition.js';
import { taskDemandProblems } from '../authoring/demand-options.js';
import type { GraphProblem } from '../errors/graph-error.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { nearest } from '../kernel/nearest.js';
import { demandsOf, type Resources, type TaskDemands } from '../model/demands.js';
import type { TaskOverrides } from '../model/task.js';
import type { ParsedEngineOptions } from './options.js';

type Capacities = Pick<ParsedEngineOptions, 'pools' | 'namedLimits'>;
type DemandProblem = Pick<GraphProblem, 'message' | 'details'> & {
  readonly code: 'UNKNOWN_LIMIT' | 'RESOURCES_EXCEEDED' | 'GRAPH_INVALID';
};

/** The part of a task that says what it takes, submitted or checked. */
interface Demanding {
  readonly key: string;
  readonly overrides?: TaskOverrides | null;
  readonly resources?: Resources | null;
  readonly map?: { readonly overrides?: TaskOverrides } | null;
}

/**
 * An agent whose tasks could never start is refused when it is registered.
 *
 * @throws TaskloomError `UNKNOWN_LIMIT`, `RESOURCES_EXCEEDED`
 */
export function requireCapacity({ name, limits, resources }: AgentDefinition, capacities: Capacities): void {
  const [problem] = unmet({ limits, ...(resources ? { resources } : undefined) }, `The agent "${name}"`, capacities);
  if (problem) throw new TaskloomError(problem.code, problem.message, { details: { agent: name, ...problem.details } });
}

/** What is wrong with the demands of single tasks, those made by a map included. */
export function checkDemands(tasks: readonly Demanding[], capacities: Capacities): GraphProblem[] {
  return tasks.flatMap((task) => {
    const overrides = (task.map ? task.map.overrides : task.overrides) ?? null;
    const demands = demandsOf({ overrides, resources: task.resources ?? null });
    if (!demands) return [];
    const owner = `"${task.key}"`;
    const malformed = taskDemandProblems(overrides ?? {}, owner).map((message): DemandProblem => ({ code: 'GRAPH_INVALID', message }));
    return (malformed.length > 0 ? malformed : unmet(demands, owner, capacities)).map((problem) => ({ ...problem, taskKey: task.key }));
  });
}

/** Limits never fail a task, so one that could never be met is found before it is waited for. */
function unmet({ resources = {}, limits = [] }: TaskDemands, owner: string, { pools, namedLimits }: Capacities): DemandProblem[] {
  return [
    ...limits
      .filter((name) => !Object.hasOwn(namedLimits, name))
      .map((name) => unknownLimit(owner, 'limit', 'namedLimits', name, namedLimits)),
    ...Object.keys(resources).flatMap((pool) => unmetPool(owner, pool, resources, pools)),
  ];
}

function unmetPool(owner: string, pool: string, resources: Resources, pools: Resources): DemandProblem[] {
  if (!Object.hasOwn(pools, pool)) return [unknownLimit(owner, 'pool', 'pools', pool, pools)];
  const demand = resources[pool]!;
  const capacity = pools[pool]!;
  if (demand <= capacity) return [];
  return [
    {
      code: 'RESOURCES_EXCEEDED',
      message: `${owner} needs ${demand} of the pool "${pool}", which has ${capacity} in all: it could never start.`,
      details: { pool, demand, capacity },
    },
  ];
}

function unknownLimit(owner: string, what: string, option: string, name: string, known: object): DemandProblem {
  const near = nearest(name, Object.keys(known));
  return {
    code: 'UNKNOWN_LIMIT',
    message: `${owner} names the ${what} "${name}", which \`${option}\` of the engine does not have${near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.'}`,
    details: { [what]: name, nearest: near },
  };
}
