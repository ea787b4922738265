import type { Steps } from '../kernel/steps.js';
import type { DependencyAdded, TasksAdded } from '../model/event.js';
import { isTerminalTask, type TaskOrigin, type TaskSpec } from '../model/task.js';
import { noteDelivery } from './deliveries.js';
import { isConditionFalse, mayOpen, openGate, parentGateOpen, skipReason } from './gates.js';
import { createTaskState, modeOf, packEdge, type JobState, type TaskState } from './job-state.js';
import { move, STATUS_INDEX } from './moves.js';
import { satisfactionBy } from './satisfaction.js';

/** Tasks of these origins count to the limit of what agents may add to a job. */
export const ADDED_BY_AGENTS: ReadonlySet<TaskOrigin> = new Set(['need', 'spawn', 'delivery']);

/** So many tasks make a step. */
const TASKS_PER_STEP = 256;

/** New tasks join the job; those that nothing holds back may start. Between the steps the state is whole for nobody. */
export function* addTasks(state: JobState, { specs, at }: TasksAdded): Steps<void> {
  const tasks: TaskState[] = [];
  for (let index = 0; index < specs.length; index += 1) {
    if (index % TASKS_PER_STEP === TASKS_PER_STEP - 1) yield;
    tasks.push(join(state, specs[index]!));
  }
  tasks.forEach((task) => markFallback(state, task));
  tasks.forEach((task) => (state.counts[STATUS_INDEX[task.status]]! += 1));
  for (let index = 0; index < tasks.length; index += 1) {
    if (index % TASKS_PER_STEP === TASKS_PER_STEP - 1) yield;
    link(state, tasks[index]!);
  }
  for (let index = 0; index < tasks.length; index += 1) {
    if (index % TASKS_PER_STEP === TASKS_PER_STEP - 1) yield;
    const task = tasks[index]!;
    if (mayOpen(task) && parentGateOpen(state, task) && !isConditionFalse(state, task)) openGate(state, task, at);
  }
}

function join(state: JobState, spec: TaskSpec): TaskState {
  const task = createTaskState(spec);
  state.tasks.push(task);
  state.numberOf.set(task.key, task.no);
  state.touched.add(task.no);
  if (task.extras !== null && task.extras.deadline > 0) state.withDeadline.add(task.no);
  if (ADDED_BY_AGENTS.has(spec.origin)) state.addedTasks += 1;
  state.edges += task.dependencies.length;
  noteDelivery(state, task);
  if (spec.weight !== undefined) state.work.weigh(spec.no, spec.weight);
  if (spec.condition) state.hasConditions = true;
  return task;
}

/** The task that stands in for this one should it fail sleeps until it has. */
export function markFallback(state: JobState, task: TaskState): void {
  const recovery = task.extras?.recovery;
  if (recovery?.kind !== 'route-to') return;
  const fallback = state.tasks[recovery.task]!;
  fallback.fallbackOf = task.no;
  if (fallback.status === 'PENDING' && fallback.attempt === 0 && task.reason !== 'WAITING_FALLBACK') fallback.status = 'DORMANT';
}

function link(state: JobState, task: TaskState): void {
  if (task.parent !== null) {
    const parent = state.tasks[task.parent]!;
    parent.children.push(task.no);
    parent.openChildren += 1;
    // It has not begun, or waited for what is below it: what was added runs before it.
    if (parent.status === 'READY' && (parent.attempt === 0 || parent.nextReason === 'CHILDREN_FINISHED'))
      move(state, parent, 'BLOCKED', 'WAITING_CHILDREN');
  }
  for (let index = 0; index < task.dependencies.length; index += 1) {
    const source = state.tasks[task.dependencies[index]!]!;
    const mode = modeOf(task, index);
    source.dependents.push(packEdge(task.no, mode));
    const satisfaction = satisfactionBy(mode, source, task);
    if (satisfaction !== 'satisfied') task.openDependencies += 1;
    if (satisfaction === 'unsatisfiable') state.agenda.push({ do: 'skip', task: task.no, by: source.no, reason: skipReason(source) });
  }
  if (task.conditionOn >= 0 && isTerminalTask(state.tasks[task.conditionOn]!.status) && isConditionFalse(state, task))
    state.agenda.push({ do: 'skip', task: task.no, by: task.conditionOn, reason: 'CONDITION_FALSE' });
}

/** A task that has not begun waits for one more. */
export function addDependency(state: JobState, event: DependencyAdded): void {
  const task = state.tasks[event.task]!;
  const source = state.tasks[event.on]!;
  const modes = task.modes ?? (event.mode === 'completed' ? null : task.dependencies.map(() => 'completed' as const));
  task.dependencies = [...task.dependencies, event.on];
  state.edges += 1;
  task.modes = modes === null ? null : [...modes, event.mode];
  source.dependents.push(packEdge(task.no, event.mode));
  const satisfaction = satisfactionBy(event.mode, source, task);
  if (satisfaction === 'satisfied') return;
  task.openDependencies += 1;
  task.gateOpen = false;
  if (task.status === 'READY') move(state, task, 'PENDING', null);
  if (satisfaction === 'unsatisfiable') state.agenda.push({ do: 'skip', task: task.no, by: source.no, reason: skipReason(source) });
}
