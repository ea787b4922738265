import { GraphError, type GraphProblem } from '../errors/graph-error.js';
import { noTaskInJob } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { buildGraph } from '../graph/build-graph.js';
import { AGENTS_OF_THE_ENGINE } from '../graph/engine-agents.js';
import type { AddDependency, AddTasks } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { TaskSubmission } from '../model/submission.js';
import { isTerminalTask, type TaskSpec } from '../model/task.js';
import type { GrowthLimits } from './growth-limits.js';
import { modeOf, type JobState, type TaskState } from './job-state.js';
import { refuseCircle } from './refuse-circle.js';
import { requireCurrent } from './require-current.js';
import { saying } from './saying.js';

/** Tasks from outside join an open job: checked together with what is there. @throws GraphError with every problem */
export function decideAddTasks(state: JobState, command: AddTasks, limits: GrowthLimits, at: number): JobEvent[] {
  requireOpen(state);
  const known = state.tasks.length;
  const tasks = [...state.tasks.map((task) => asSubmitted(state, task)), ...command.tasks];
  const { specs, problems } = buildGraph(
    { name: state.name, tasks, ...(state.allowedAgents ? { options: { allowedAgents: [...state.allowedAgents] } } : undefined) },
    { ...command.agents, maxTasks: limits.tasksPerJob, maxEdges: limits.edgesPerJob, maxDepth: limits.depth },
  );
  const all = [...problems, ...routesToKnown(state, specs.slice(known)), ...(command.problems ?? [])];
  if (all.length > 0) throw new GraphError(all);
  const added = specs.slice(known).map((spec): TaskSpec => ({ ...spec, origin: 'external' }));
  for (const spec of added) {
    requireOpenParent(state, spec);
    for (const { on } of spec.dependencies) if (state.tasks[on]) requireCurrent(spec.key, state.tasks[on]);
  }
  if (added.length === 0) return [];
  return [
    { type: 'TASKS_ADDED', at, actor: command.actor, from: known, count: added.length, by: null, specs: added, ...saying(command.reason) },
  ];
}

/** What stands in for another task is DORMANT from its beginning: a task that is there already cannot become that. */
function routesToKnown(state: JobState, added: readonly TaskSpec[]): GraphProblem[] {
  return added.flatMap(({ key, recovery }) => {
    const to = recovery?.kind === 'route-to' ? state.tasks[recovery.task] : undefined;
    if (!to) return [];
    const message = `"${key}" cannot route to "${to.key}", which is in the job already; add the task that stands in together with it.`;
    return [{ code: 'GRAPH_INVALID', taskKey: key, message }];
  });
}

/** A task of the job as somebody would submit it, as far as new tasks have to do with it. */
function asSubmitted(state: JobState, task: TaskState): TaskSubmission {
  return {
    key: task.key,
    type: task.type,
    failureStrategy: task.strategy,
    ...(task.extras?.recovery?.kind === 'route-to' ? { routeTo: state.tasks[task.extras.recovery.task]!.key } : undefined),
    ...(task.parent === null ? undefined : { parent: state.tasks[task.parent]!.key }),
    dependsOn: task.dependencies.map((on, index) => ({ task: state.tasks[on]!.key, mode: modeOf(task, index) })),
  };
}

function requireOpenParent(state: JobState, spec: TaskSpec): void {
  const parent = spec.parent === null ? undefined : state.tasks[spec.parent];
  if (!parent) return;
  if (isTerminalTask(parent.status))
    throw new TaskloomError('ILLEGAL_MOVE', `"${spec.key}" cannot be added below "${parent.key}", which is ${parent.status}.`, {
      details: { task: spec.key, parent: parent.key },
    });
  if (parent.agent === AGENTS_OF_THE_ENGINE.map)
    throw new TaskloomError('ILLEGAL_PARENT', `"${spec.key}" cannot be added below the map "${parent.key}".`, {
      details: { task: spec.key, parent: parent.key },
    });
}

/** A task that has not begun waits for one more. @throws DependencyError when that would close a circle; TaskloomError `GRAPH_LIMIT` */
export function decideAddDependency(state: JobState, command: AddDependency, limits: GrowthLimits, at: number): JobEvent[] {
  requireOpen(state);
  const { on, mode, actor } = command;
  const task = state.tasks[command.task];
  const source = state.tasks[on];
  if (!task || !source) throw noTaskInJob(state.id, task ? on : command.task);
  if (task.dependencies.includes(on)) return [];
  requireCurrent(task.key, source);
  const hasBegun = !(
    task.status === 'PENDING' ||
    task.status === 'DORMANT' ||
    (task.status === 'READY' && task.attempt === 0 && task.children.length === 0)
  );
  if (hasBegun)
    throw new TaskloomError('ILLEGAL_MOVE', `"${task.key}" has begun (${task.status}) and cannot be made to wait for "${source.key}".`, {
      details: { task: task.key, dependency: source.key, status: task.status },
    });
  if (state.edges >= limits.edgesPerJob)
    throw new TaskloomError(
      'GRAPH_LIMIT',
      `One more would bring the job to ${state.edges + 1} dependencies; at most ${limits.edgesPerJob} are allowed.`,
      { details: { edges: state.edges + 1, limit: limits.edgesPerJob } },
    );
  refuseCircle(state, [], { task: task.no, on });
  return [{ type: 'DEPENDENCY_ADDED', at, actor, task: task.no, on, mode, ...saying(command.reason) }];
}

function requireOpen(state: JobState): void {
  if (isTerminalJob(state.status))
    throw new TaskloomError('JOB_CLOSED', `Job ${state.id} is ${state.status} and takes no more tasks.`, {
      details: { jobId: state.id, status: state.status },
    });
}
