/*
 * Drives the machine and the model side by side with random commands, and checks after each of them everything that must
 * always hold of a job.
 */
import * as fc from 'fast-check';

import type { Json } from '../../kernel/json.js';
import { isTaskloomError } from '../../errors/taskloom-error.js';
import { decide } from '../../machine/decide.js';
import { linkLoaded, offerReady, recount, wake } from '../../machine/recount.js';
import { createJobState, createTaskState, wakeAt, type JobState, type TaskState } from '../../machine/job-state.js';
import type { AgentFact } from '../../model/agent-facts.js';
import type { Command, NewTask } from '../../model/command.js';
import type { JobEvent, JsonText } from '../../model/event.js';
import { FAILURE_DECISIONS, TIMEOUT_ACTIONS, type NewRequest } from '../../model/human-request.js';
import { NO_RETRY, type RetryPolicy } from '../../model/retry-policy.js';
import { DEPENDENCY_MODES, TASK_STATUSES, type DependencyMode, type TaskSpec, type TaskStatus } from '../../model/task.js';
import { decodeEvent, encodeEvent, eventTypes } from '../../store/codec/event-codec.js';
import { START } from './graphs.js';
import type { MachineLimits } from '../../machine/machine-limits.js';
import { JobModel, OTHER_HASH, type Answer, type ModelJob, type ModelLimits, type ModelTask } from './job-model.js';
import type { Machine } from './machine-under-test.js';
import { plainSpec } from './specs.js';

export const LIMITS: ModelLimits & MachineLimits = {
  tasksPerJob: 26,
  edgesPerJob: 1_000,
  dynamicTasksPerCall: 3,
  dynamicTasksPerJob: 9,
  depth: 5,
  cascadeAfter: 0,
};

const KINDS = {
  claim: 30,
  complete: 22,
  fail: 10,
  skip: 3,
  need: 8,
  map: 3,
  'record-step': 1,
  'report-progress': 2,
  park: 4,
  release: 3,
  'hand-back': 2,
  recover: 3,
  cancel: 1,
  reopen: 6,
  stale: 6,
  spawn: 9,
  sleep: 5,
  hold: 4,
  'lift-hold': 6,
  'skip-task': 1,
  'cancel-task': 1,
  'add-tasks': 3,
  'add-dependency': 6,
  'report-stream': 1,
  'report-overdue': 1,
  ask: 5,
  answer: 6,
  'accept-task': 5,
  'reject-task': 4,
  publish: 3,
  'resume-task': 2,
  confirm: 1,
  clock: 10,
} as const;
type OpKind = keyof typeof KINDS;

/** A command in the rough: it gets its task from where the job stands when its turn comes. */
export interface Op {
  readonly kind: OpKind;
  readonly pick: number;
  readonly n: number;
}

export const ops: fc.Arbitrary<Op> = fc.record({
  kind: fc.oneof(...(Object.entries(KINDS) as [OpKind, number][]).map(([kind, weight]) => ({ arbitrary: fc.constant(kind), weight }))),
  pick: fc.nat(9_999),
  n: fc.nat(9_999),
});

/** How often what must sometimes happen did happen: a run that never meets it proves nothing. */
export class Tally {
  commands = 0;
  readonly counts = new Map<string, number>();

  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }
}

/** What a reader of the failure needs: which command broke which rule, and how the job had got there. */
export class BrokenRule extends Error {
  constructor(rule: string, trace: readonly string[]) {
    super(`${rule}\n  after:\n${trace.map((line) => `    ${line}`).join('\n')}`);
    this.name = 'BrokenRule';
  }
}

/** Sees every command that was taken: the job after it, the `seq` before it, and its events. `state.touched` names what changed. */
export type Observer = (state: JobState, seqBefore: number, events: readonly JobEvent[]) => void;

/** Runs commands on a new job of the given graph. @throws BrokenRule */
export function runCommands(
  specs: readonly TaskSpec[],
  commands: readonly Op[],
  machine: Machine,
  tally: Tally = new Tally(),
  observe: Observer = () => undefined,
): void {
  new SideBySide(specs, jobFor(commands[0]), machine, tally, observe).run(commands);
}

const HEADER = { id: 'job', name: 'job', workflow: null, tenant: 'default', maxParallel: null, allowedAgents: null };

/** What holds back the job as a whole; most jobs have nothing of it. Drawn from the first command, so that it shrinks with them. */
function jobFor(first: Op | undefined): ModelJob {
  const n = first?.n ?? 1;
  return {
    confirm: n % 8 === 0,
    runAt: n % 5 === 0 ? START + (n % 3_000) : 0,
    deadline: n % 7 === 0 ? START + 2_000 + (n % 20_000) : 0,
  };
}

class SideBySide {
  private readonly state: JobState;
  /** The same events as the log keeps them, applied from scratch by `evolve` alone. */
  private readonly fold: JobState;
  private readonly model: JobModel;
  /** Its lines cost something, and are needed only where a rule breaks. */
  private readonly trace: (() => string)[] = [];
  private readonly log: JobEvent[] = [];
  private readonly offered = new Set<number>();
  private now = START;
  private latest = this.now;

  constructor(
    specs: readonly TaskSpec[],
    private readonly job: ModelJob,
    private readonly machine: Machine,
    private readonly tally: Tally,
    private readonly observe: Observer,
  ) {
    this.trace.push(() => `graph ${JSON.stringify(specs.map(inShort))}`);
    this.trace.push(() => `job ${JSON.stringify(job)}`);
    this.state = this.newState();
    this.fold = this.newState();
    this.model = new JobModel(specs, LIMITS, job, this.now);
    this.perform({ kind: 'submit', specs, confirm: job.confirm, actor: 'user' }, () => 'taken');
  }

  private newState(): JobState {
    return createJobState({ ...HEADER, runAt: this.job.runAt, deadline: this.job.deadline });
  }

  run(commands: readonly Op[]): void {
    for (const op of commands) {
      this.tally.commands += 1;
      const command = op.kind === 'clock' ? null : this.commandFor(op);
      if (command === null) {
        this.moveClock(op);
        // Mostly the engine's timers are on time.
        if (op.n % 5 > 0) this.give({ kind: 'tick' });
      } else this.give(command);
    }
    this.checkWholeFold();
  }

  private give(command: Exclude<Command, { kind: 'submit' }>): void {
    this.tally.add(command.kind);
    this.perform(command, () => this.model.apply(command, this.now));
  }

  // ── commands ────────────────────────────────────────────────────────────────────────────────────────────────

  /** `null`: nothing can be done but wait. */
  private commandFor({ kind, pick, n }: Op): Exclude<Command, { kind: 'submit' }> | null {
    if (this.model.isOver && kind !== 'stale' && pick % 8 > 0) return this.reopening(pick, n);
    if (this.model.status === 'AWAITING_CONFIRMATION' && pick % 3 === 0) return { kind: 'confirm', actor: 'user' };
    const running = this.model.withStatus('IN_PROGRESS');
    const { tasks } = this.model;
    // Now and then a task that there is not.
    const any = n % 40 === 0 ? tasks.length + (n % 3) : pick % tasks.length;
    const byPerson = { reason: null, actor: 'user' } as const;
    switch (kind) {
      case 'clock':
      case 'claim':
        return this.claim(pick, n);
      case 'release':
        return { kind: 'release', agent: `agent-${pick % 3}` };
      case 'recover':
        return { kind: 'recover' };
      case 'cancel':
        return { kind: 'cancel', reason: null, actor: 'user' };
      case 'reopen':
        return this.model.isOver || n % 10 === 0 ? this.reopening(pick, n) : this.claim(pick, n);
      case 'stale':
        return this.stale(pick, n);
      case 'confirm':
        return { kind, actor: 'user' };
      case 'hold':
      case 'skip-task':
      case 'cancel-task':
        return { kind, task: any, ...byPerson };
      case 'lift-hold': {
        const held = tasks.filter(({ isHeld }) => isHeld);
        return { kind, task: held.length > 0 && n % 8 > 0 ? held[pick % held.length]!.no : any, ...byPerson };
      }
      case 'accept-task':
      case 'reject-task': {
        const judged = this.model.withReason('WAITING_REVIEW');
        if (judged.length === 0 && n % 8 > 0) return this.claim(pick, n);
        return { kind, task: judged.length > 0 && n % 8 > 0 ? judged[pick % judged.length]!.no : any, ...byPerson };
      }
      case 'resume-task': {
        const parked = [...this.model.withReason('MANUAL'), ...this.model.withReason('AGENT_UNAVAILABLE')];
        const task = parked.length > 0 && n % 8 > 0 ? parked[pick % parked.length]!.no : any;
        const as = (['RERUN', 'COMPLETED', 'FAILED'] as const)[n % 3]!;
        return { kind, task, as, output: as === 'COMPLETED' ? textOf(VALUES[pick % 6]!) : null, value: VALUES[pick % 6]!, ...byPerson };
      }
      case 'answer':
        return this.answer(pick, n);
      case 'add-tasks':
        return this.addTasks(pick, n);
      case 'add-dependency': {
        const fresh = tasks.filter((task) => task.attempt === 0 && task.isOpen);
        const task = fresh.length > 0 && n % 8 > 0 ? fresh[pick % fresh.length]!.no : any;
        return { kind, task, on: n % tasks.length, mode: modeFor(n), actor: 'user' };
      }
      default: {
        const task = running[pick % Math.max(1, running.length)];
        return task ? this.wordOf(kind, task, task.fence, n) : this.claim(pick, n);
      }
    }
  }

  private claim(pick: number, n: number): (Command & { kind: 'claim' }) | null {
    const ready = this.model
      .withStatus('READY')
      .filter((task) => task.availableAt <= this.now && (n % 8 === 0 || !this.model.isHeld(task)));
    const isWild = n % 16 === 0;
    if (ready.length === 0 && !isWild) return null;
    const among = isWild ? this.model.tasks : ready;
    return { kind: 'claim', task: among[pick % among.length]!.no };
  }

  /** Mostly to a question that is open; now and then to one that is not, or that reads otherwise. */
  private answer(pick: number, n: number): (Command & { kind: 'answer' | 'claim' }) | null {
    const { requests } = this.model;
    const open = requests.flatMap(({ isOpen }, index) => (isOpen ? [index + 1] : []));
    if (open.length === 0 && n % 4 > 0) return this.claim(pick, n);
    const request = open.length > 0 && n % 4 > 0 ? open[pick % open.length]! : 1 + (pick % (requests.length + 2));
    const hash = n % 6 === 0 ? OTHER_HASH : n % 2 === 0 ? null : (this.state.requests.get(request)?.hash ?? null);
    const decision = n % 23 === 0 ? 'perhaps' : FAILURE_DECISIONS[n % FAILURE_DECISIONS.length]!;
    const value = { decision, ...(decision === 'value' ? { value: VALUES[pick % 6]! } : undefined) };
    return { kind: 'answer', request, answer: textOf(value), value, hash, actor: 'user' };
  }

  private reopening(pick: number, n: number): Command & { kind: 'reopen' } {
    const { tasks } = this.model;
    const named =
      n % 4 === 0 ? [tasks[pick % tasks.length]!.no] : n % 4 === 1 ? [tasks[pick % tasks.length]!.no, tasks[n % tasks.length]!.no] : null;
    return { kind: 'reopen', tasks: named, reason: null, actor: 'user' };
  }

  /** The word of an attempt that is over, or never was. */
  private stale(pick: number, n: number): Exclude<Command, { kind: 'submit' }> {
    const { tasks } = this.model;
    const task = tasks[pick % tasks.length]!;
    const kinds = [
      'spawn',
      'sleep',
      'report-stream',
      'report-overdue',
      'complete',
      'fail',
      'skip',
      'need',
      'map',
      'record-step',
      'report-progress',
      'park',
      'hand-back',
      'ask',
      'publish',
    ] as const;
    const isRunning = this.model.statusOf(task) === 'IN_PROGRESS';
    const fence = isRunning ? task.fence + (n % 2 === 0 ? -1 : 1) : task.fence;
    return this.wordOf(kinds[n % kinds.length]!, task, fence, n);
  }

  private wordOf(kind: OpKind, { no, spec }: ModelTask, fence: number, n: number): Exclude<Command, { kind: 'submit' }> {
    const from = { task: no, fence };
    switch (kind) {
      case 'complete': {
        // What a map gathers is a list, whatever stands in it.
        const isGathered = n % 11 === 0 && spec.review === null && !this.model.hasOpenChildren(this.model.tasks[no]!);
        if (isGathered) return { kind, ...from, output: 'children', summary: 'done', value: [] };
        const value = spec.origin === 'review' && n % 7 > 0 ? { accepted: n % 2 === 0, feedback: 'said the reviewer' } : VALUES[n % 6]!;
        const verdict = spec.review?.by === 'predicate' ? { accepted: n % 3 > 0, feedback: null } : undefined;
        return { kind, ...from, output: textOf(value), summary: 'done', value, ...(verdict ? { verdict } : undefined) };
      }
      case 'fail':
        return {
          kind,
          ...from,
          error: { code: 'AGENT_FAILED', message: 'no luck' },
          timedOut: n % 7 === 0,
          retryable: n % 5 !== 0,
          retry: RETRIES[n % RETRIES.length]!,
          retryAfterMs: n % 6 === 0 ? 700 : 0,
          random: 0,
          ...(n % 37 === 0 ? { strategy: 'abort' } : undefined),
        };
      case 'skip':
        return { kind, ...from, message: 'does not apply' };
      case 'need':
        return this.need(from, spec, n);
      case 'spawn': {
        const after = n % 3 === 0 ? [{ task: n % 33 === 0 ? 'nowhere' : `t${n % this.model.tasks.length}`, mode: modeFor(n) }] : [];
        const tasks = newTasks(spec, 'spawn', 1 + (n % 13 === 0 ? 3 : n % 2));
        return { kind, ...from, tasks: tasks.map((task, index) => (index === 0 ? { ...task, after } : task)) };
      }
      case 'sleep': {
        const until = this.now + (n % 1_800) - 100;
        const tasks = n % 4 === 0 ? newTasks(spec, 'need', 1) : [];
        return { kind: 'suspend', ...from, waitFor: 'answers', tasks, alreadyAsked: [], sleeps: [{ name: `sleep-${n}`, until }], until };
      }
      case 'ask': {
        const requests = Array.from({ length: 1 + (n % 5 === 0 ? 1 : 0) }, (_, index) => this.question(n + index));
        const tasks = n % 4 === 0 ? newTasks(spec, 'need', 1) : [];
        const until = n % 6 === 0 ? this.now + (n % 1_800) : 0;
        return { kind: 'suspend', ...from, waitFor: 'answers', tasks, alreadyAsked: [], requests, until };
      }
      case 'publish': {
        const message = { n };
        const fact: AgentFact = { durability: 'retry', review: n % 4 === 0 ? { by: 'manual', maxRejections: 1 } : null };
        const subscribers = [...AGENTS].slice(n % 3).map((agent) => ({ agent, fact }));
        return { kind, ...from, topic: `topic-${n % 2}`, name: `message-${n}`, message, value: textOf(message), subscribers };
      }
      case 'report-stream':
        return { kind, ...from, text: 'so far' };
      case 'report-overdue':
        return { kind, ...from, error: { code: 'TASK_TIMEOUT', message: 'late' } };
      case 'map':
        return { kind: 'suspend', ...from, waitFor: 'children', tasks: newTasks(spec, 'map', 1 + (n % 3)), alreadyAsked: [] };
      case 'park':
        return { kind, ...from, reason: n % 8 === 0 ? 'MANUAL' : 'AGENT_UNAVAILABLE', message: 'not here' };
      case 'record-step':
        return { kind, ...from, memo: 'step', name: `step-${n % 3}`, value: { json: '1', bytes: 1 } };
      case 'report-progress':
        return { kind, ...from, percent: n % 101, message: null };
      default:
        return { kind: 'hand-back', ...from };
    }
  }

  private question(n: number): NewRequest {
    return {
      kind: n % 7 === 0 ? 'conflict' : 'question',
      name: `question-${n}`,
      question: 'What now?',
      about: null,
      schema: null,
      deadline: n % 3 === 0 ? null : this.now + (n % 2_000),
      onTimeout: TIMEOUT_ACTIONS[n % TIMEOUT_ACTIONS.length]!,
      assignee: null,
      hash: `hash-${n}`,
    };
  }

  private need(from: { task: number; fence: number }, spec: TaskSpec, n: number): Command & { kind: 'suspend' } {
    const asked = this.model.tasks.filter((task) => task.spec.parent === from.task && task.spec.origin === 'need').map((task) => task.no);
    const again = asked.length > 0 && n % 3 === 0 ? [asked[n % asked.length]!] : [];
    const count = again.length > 0 ? n % 2 : 1 + (n % 4 === 3 ? 3 : n % 2);
    return { kind: 'suspend', ...from, waitFor: 'answers', tasks: newTasks(spec, 'need', count), alreadyAsked: again };
  }

  private addTasks(pick: number, n: number): Command & { kind: 'add-tasks' } {
    // By number: that is how the model knows tasks that are not its own.
    const keyOf = (no: number): string => this.state.tasks[no]!.key;
    const planned = this.model.tasks.filter(({ spec }) => spec.key === `t${spec.no}` && keyOf(spec.no) === spec.key);
    const one = (of: number): string => planned[of % planned.length]!.spec.key;
    const count = 1 + (n % 2);
    const tasks = Array.from({ length: count }, (_, index) => {
      const no = this.model.tasks.length + index;
      return {
        key: `t${no}`,
        agent: `agent-${(n + index) % 3}`,
        ...(n % 3 > 0 ? { parent: one(pick + index) } : undefined),
        ...(n % 5 > 1 ? { dependsOn: [{ task: one(n + index), mode: modeFor(n + index) }] } : undefined),
      };
    });
    return { kind: 'add-tasks', tasks, agents: { agentNames: AGENTS }, actor: 'user' };
  }

  private moveClock({ pick, n }: Op): void {
    // Mostly forward; sometimes back, as a wall clock may go.
    const by = pick % 10 === 0 ? -(n % 400) : n % 1_500;
    this.now += by;
    this.latest = Math.max(this.latest, this.now);
    this.trace.push(() => `clock ${by}`);
    wake(this.state, this.now);
    this.model.pass(this.now);
    this.takeOffers();
    this.checkOffers();
  }

  // ── one command ─────────────────────────────────────────────────────────────────────────────────────────────

  private perform(command: Command, expect: () => Answer): void {
    const { state } = this;
    const seqBefore = state.lastSeq;
    const before = state.tasks.map(rowOf);
    const jobBefore = jobRowOf(state);
    if (this.tally.commands % 8 === 0) this.checkDecideIsPure(command);

    const { now } = this;
    this.trace.push(() => `${now} ${describe(command)}`);
    const expected = expect();
    let events: JobEvent[] = [];
    let answer: string = 'taken';
    try {
      events = this.machine.step(state, command, LIMITS, this.now);
    } catch (error) {
      if (!isTaskloomError(error)) throw error;
      answer = error.code === 'INTERNAL' ? `INTERNAL: ${error.message}` : error.code;
    }
    this.trace[this.trace.length - 1] = () =>
      `${now} ${describe(command)} -> ${answer === 'taken' ? events.map(({ type }) => type).join(' ') : answer}`;
    this.require(answer === expected, () => `the command is ${expected === 'taken' ? 'legal' : `refused with ${expected}`}, not ${answer}`);
    if (answer !== 'taken') {
      this.tally.add(`refused ${answer}`);
      const isSame = before.length === state.tasks.length && before.every((row, no) => isSameRow(row, state.tasks[no]!));
      this.require(isSame && equal(jobBefore, jobRowOf(state)), 'a refused command changes nothing');
      return;
    }
    this.require(state.lastSeq === seqBefore + events.length, 'events are numbered without a gap, and every one of them is handed back');
    for (const event of events) this.applyToFold(event);
    this.observe(state, seqBefore, events);
    this.checkTouched(before);
    this.takeOffers();
    this.checkAgainstModel();
    this.checkAlways();
  }

  /** Applies one event to the folded state, and checks the moves it makes. */
  private applyToFold(event: JobEvent): void {
    const { fold } = this;
    this.log.push(event);
    this.tally.add(event.type);
    if (event.type === 'TASK_STARTED') this.checkStart(event.task, event.fence);
    const before = fold.tasks.map(({ status, generation }) => ({ status, generation }));
    this.machine.evolve(fold, asStored(event));
    fold.agenda.length = 0;
    fold.becameReady.length = 0;
    before.forEach((old, no) => {
      const task = fold.tasks[no]!;
      if (task.status === old.status) return;
      if (task.generation > old.generation || task.reason === 'SUPERSEDED') {
        const reopens = event.type === 'JOB_REOPENED' || event.type === 'TASKS_REOPENED' || event.type === 'TASK_REJECTED';
        this.require(reopens, () => `only a reopening or a rejection begins a new generation (t${no} by ${event.type})`);
        this.require(
          ENDED.has(old.status) || event.type !== 'JOB_REOPENED',
          () => `only an ended task is reopened (t${no} was ${old.status})`,
        );
        return;
      }
      this.require(!ENDED.has(old.status), () => `an end is final within its generation: t${no} went from ${old.status} to ${task.status}`);
      this.require(MOVES[old.status]!.has(task.status), () => `t${no} may not go from ${old.status} to ${task.status}`);
    });
    if (event.type === 'JOB_FAILED') this.require(event.error.code !== 'JOB_DEADLOCK', 'no job gets stuck');
  }

  private checkStart(no: number, fence: number): void {
    const task = this.model.tasks[no]!;
    const parent = this.model.parentOf(task);
    // What it had waited for when it began may have been taken back since: somebody rejected the task that had asked for it.
    const hasBegun = this.fold.tasks[no]!.attempt > 0;
    this.require(hasBegun || this.model.dependenciesOf(task) === 'yes', () => `t${no} starts only when its dependencies are satisfied`);
    this.require(hasBegun || this.model.conditionOf(task) === 'yes', () => `t${no} starts only when its condition is true`);
    this.require(parent === null || this.model.isFree(parent), () => `t${no} starts only when nothing holds back what it stands under`);
    this.require(fence > this.fold.tasks[no]!.fence, () => `the fence of t${no} grows with every start`);
  }

  // ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────

  private checkAgainstModel(): void {
    const { state, model } = this;
    this.require(state.status === model.status, () => `the job is ${model.status}, not ${state.status}`);
    if (model.success !== undefined)
      this.require(state.success === model.success, () => `the job's success is ${String(model.success)}, not ${String(state.success)}`);
    this.require(state.generation === model.generation, () => `the job is in generation ${model.generation}, not ${state.generation}`);
    this.require(state.tasks.length === model.tasks.length, () => `the job has ${model.tasks.length} tasks, not ${state.tasks.length}`);
    for (const expected of model.tasks) {
      const task = state.tasks[expected.no]!;
      const status = model.statusOf(expected);
      this.require(task.status === status, () => `t${task.no} is ${status}, not ${task.status} (${String(task.reason)})`);
      const reason = model.reasonOf(expected);
      if (reason === undefined)
        this.require(model.isTrueSkip(expected, task.reason), () => `"${String(task.reason)}" is not why t${task.no} was skipped`);
      else this.require(task.reason === reason, () => `t${task.no} is ${status} by reason ${String(reason)}, not ${String(task.reason)}`);
      for (const field of [
        'attempt',
        'fence',
        'generation',
        'strikes',
        'rounds',
        'rejections',
        ...(status === 'READY' ? ['availableAt' as const] : []),
      ] as const)
        this.require(task[field] === expected[field], () => `${field} of t${task.no} is ${expected[field]}, not ${task[field]}`);
    }
    const asked = model.requests.flatMap(({ isOpen, task, holdsJob }, index) =>
      isOpen ? [`${index + 1} of t${task.no}${holdsJob ? ' holds the job' : ''}`] : [],
    );
    const open = [...state.requests.values()].map(
      ({ request, task, holdsJob }) => `${request} of t${task}${holdsJob ? ' holds the job' : ''}`,
    );
    this.require(equal(open, asked), () => `open are the questions ${String(asked)}, not ${String(open)}`);
    this.require(
      state.requestCount === model.requests.length,
      () => `${model.requests.length} questions were asked, not ${state.requestCount}`,
    );
  }

  private checkAlways(): void {
    const { state } = this;
    const counted = TASK_STATUSES.map((status) => state.tasks.filter((task) => task.status === status).length);
    this.require(equal([...state.counts], counted), () => `counts are ${String(counted)}, not ${String([...state.counts])}`);
    const open = state.tasks.filter((task) => !ENDED.has(task.status));
    const isOver = isEnded(state);
    this.require(
      isOver === (open.length === 0),
      () => `a job has ended when no task is open, and only then (${open.length} open, ${state.status})`,
    );
    const movable = open.some(
      (task) =>
        task.status === 'READY' ||
        task.status === 'IN_PROGRESS' ||
        task.reason === 'AGENT_UNAVAILABLE' ||
        task.reason === 'MANUAL' ||
        task.reason === 'WAITING_HUMAN' ||
        task.reason === 'WAITING_REVIEW' ||
        task.reason === 'WAITING_TIMER',
    );
    this.require(isOver || movable || !this.model.begun, 'something in a running job can move');
    this.require(new Set(state.tasks.map(({ key }) => key)).size === state.tasks.length, 'keys are unique in a job');
    this.require(state.agenda.length === 0, 'nothing is left undecided');
    const woken = wakeAt(state) ?? Number.POSITIVE_INFINITY;
    this.require(woken <= this.model.nextDue, () => `the job is woken for what is due at ${this.model.nextDue}, not at ${woken}`);
    this.checkOffers();
    this.checkSameAs(this.fold, 'the fold of its events');
    if (!isOver && this.tally.commands % 4 === 0) this.checkSameAs(this.restored(), 'what a restart derives from its rows');
  }

  /** Every task that may start has been offered, or its time has not come and it is waited for. */
  private checkOffers(): void {
    const { state } = this;
    for (const { no, status, reason, availableAt } of state.tasks) {
      if (reason === 'WAITING_TIMER') this.require(state.delayed.has(no), () => `t${no} sleeps, and nobody will ever wake it`);
      else if (status !== 'READY') this.require(!state.delayed.has(no), () => `t${no} is ${status} and yet waits for its time`);
      else if (this.model.isHeld(this.model.tasks[no]!)) continue;
      else this.require(this.offered.has(no) || state.delayed.has(no), () => `t${no} is READY, and nobody will ever start it`);
      if (state.delayed.has(no)) this.require((wakeAt(state) ?? Number.POSITIVE_INFINITY) <= availableAt, () => `t${no} is woken too late`);
    }
  }

  private takeOffers(): void {
    for (const no of this.state.becameReady) this.offered.add(no);
    this.state.becameReady.length = 0;
    // What is held when its turn comes loses its place.
    for (const no of this.offered)
      if (this.state.tasks[no]!.status !== 'READY' || this.model.isHeld(this.model.tasks[no]!)) this.offered.delete(no);
  }

  /** A row that changed and is not written would be a change lost by a restart. */
  private checkTouched(before: readonly Row[]): void {
    for (const task of this.state.tasks) {
      const row = before[task.no];
      if (row === undefined || !isSameRow(row, task))
        this.require(this.state.touched.has(task.no), () => `the change of t${task.no} is written`);
    }
    this.state.touched.clear();
  }

  private checkDecideIsPure(command: Command): void {
    const before = JSON.stringify(this.state.tasks);
    try {
      decide(this.state, command, LIMITS, this.now);
    } catch {
      // Refused: that is looked at when the command is taken for good.
    }
    this.require(before === JSON.stringify(this.state.tasks), 'to decide changes nothing');
  }

  private checkSameAs(other: JobState, what: string): void {
    const { state } = this;
    this.require(
      equal(jobRowOf(state), jobRowOf(other)),
      () => `the job equals ${what}: ${String(jobRowOf(state))} and ${String(jobRowOf(other))}`,
    );
    this.require(state.addedTasks === other.addedTasks, () => `the number of added tasks equals ${what}`);
    this.require(state.edges === other.edges, () => `the number of dependencies equals ${what}`);
    const isOver = isEnded(state);
    this.require(equal([...state.holds].sort(byNumber), [...other.holds].sort(byNumber)), () => `what is held equals ${what}`);
    this.require(
      isOver || equal([...state.withDeadline].sort(byNumber), [...other.withDeadline].sort(byNumber)),
      () => `what has a deadline equals ${what}`,
    );
    this.require(isOver || equal(requestsOf(state), requestsOf(other)), () => `open questions equal ${what}`);
    this.require(equal(linesOf(state), linesOf(other)), () => `the lines of deliveries equal ${what}`);
    for (const task of state.tasks) {
      const twin = other.tasks[task.no]!;
      for (const inequal of ROW_FIELDS) {
        if (task[inequal] === twin[inequal] || this.isSame(inequal, task, twin)) continue;
        this.require(
          false,
          () => `${inequal} of t${task.no} is ${JSON.stringify(task[inequal])}, and by ${what} ${JSON.stringify(twin[inequal])}`,
        );
      }
      if (isOver || ENDED.has(task.status)) continue;
      for (const counter of DERIVED) {
        if (counter === 'awaited' && task.reason !== 'WAITING_DEPENDENCIES' && task.reason !== 'WAITING_HUMAN') continue;
        if (task[counter] !== twin[counter])
          this.require(false, () => `${counter} of t${task.no} is ${String(task[counter])}, and by ${what} ${String(twin[counter])}`);
      }
    }
  }

  private isSame(field: (typeof ROW_FIELDS)[number], task: TaskState, twin: TaskState): boolean {
    if (field === 'output') return task.output.kind === twin.output.kind && seqOf(task) === seqOf(twin);
    // To wake a task is no event: where its time has come, it waits for nothing.
    return field === 'availableAt' && task.status === 'READY' && Math.max(task.availableAt, twin.availableAt) <= this.latest;
  }

  /** The job as a restart would load it: definitions and rows, the rest derived. */
  private restored(): JobState {
    const loaded = this.newState();
    const { state } = this;
    loaded.begun = state.begun;
    loaded.status = state.status;
    loaded.success = state.success;
    loaded.generation = state.generation;
    loaded.lastSeq = state.lastSeq;
    loaded.startedAt = state.startedAt;
    loaded.finishedAt = state.finishedAt;
    loaded.noteSeq = state.noteSeq;
    loaded.requestCount = state.requestCount;
    for (const [no, request] of state.requests) loaded.requests.set(no, request);
    for (const [no, task] of state.tasks.entries()) {
      const row = createTaskState(this.specOf(no));
      for (const field of ROW_FIELDS) copyField(field, task, row);
      loaded.tasks.push(row);
    }
    linkLoaded(loaded);
    recount(loaded);
    offerReady(loaded, this.now);
    const ready = state.tasks.filter(({ status, reason }) => status === 'READY' || reason === 'WAITING_TIMER').map(({ no }) => no);
    const found = [...loaded.becameReady, ...loaded.delayed].sort((a, b) => a - b);
    this.require(equal(ready, found), () => `a restart offers every READY task: ${String(ready)}, not ${String(found)}`);
    return loaded;
  }

  private specOf(no: number): TaskSpec {
    let found: TaskSpec | null = null;
    for (const event of this.log) {
      if (event.type === 'TASKS_ADDED' && no >= event.from && no < event.from + event.count) found = event.specs[no - event.from]!;
      if (found && event.type === 'DEPENDENCY_ADDED' && event.task === no)
        found = { ...found, dependencies: [...found.dependencies, { on: event.on, mode: event.mode }] };
    }
    if (!found) throw new Error(`no event added task ${no}`);
    return found;
  }

  /** The whole log once more, into a state that has never seen anything else. */
  private checkWholeFold(): void {
    const again = this.newState();
    for (const event of this.log) {
      this.machine.evolve(again, asStored(event));
      again.agenda.length = 0;
    }
    this.checkSameAs(again, 'the fold of its whole log');
  }

  /** @param rule text that costs something is made only when it is needed */
  private require(holds: boolean, rule: string | (() => string)): void {
    if (holds) return;
    throw new BrokenRule(
      typeof rule === 'string' ? rule : rule(),
      this.trace.map((line) => line()),
    );
  }
}

// ── tables said a second time ─────────────────────────────────────────────────────────────────────────────────────

const ENDED: ReadonlySet<TaskStatus> = new Set(['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED', 'ACCEPTED', 'REJECTED']);

/** Moves within a generation, from design section 3. */
const MOVES: { readonly [status: string]: ReadonlySet<TaskStatus> } = {
  // COMPLETED, here and below: it missed its deadline, and a value stands in for what it would have come to.
  PENDING: new Set(['READY', 'BLOCKED', 'SKIPPED', 'CANCELLED', 'FAILED', 'COMPLETED'] as const),
  // Back to BLOCKED where something below it is run again, or added, before it has begun; to PENDING where it is made to wait.
  READY: new Set(['IN_PROGRESS', 'BLOCKED', 'PENDING', 'SKIPPED', 'CANCELLED', 'FAILED', 'COMPLETED'] as const),
  IN_PROGRESS: new Set(['COMPLETED', 'FAILED', 'BLOCKED', 'SKIPPED', 'CANCELLED', 'READY'] as const),
  // COMPLETED: it had returned before what it had added.
  BLOCKED: new Set(['READY', 'FAILED', 'SKIPPED', 'CANCELLED', 'COMPLETED', 'ACCEPTED', 'REJECTED'] as const),
  // What its place in the graph lets it go on to is part of the same event.
  DORMANT: new Set(['PENDING', 'READY', 'BLOCKED', 'SKIPPED', 'CANCELLED', 'FAILED'] as const),
};

const ROW_FIELDS = [
  'status',
  'reason',
  'causedBy',
  'generation',
  'attempt',
  'fence',
  'strikes',
  'rounds',
  'availableAt',
  'startedAt',
  'finishedAt',
  'output',
  'noteSeq',
  'progress',
  'nextReason',
  'readyAt',
  'conditionFalse',
  'held',
  'rejections',
  'feedbackSeq',
] as const;

const DERIVED = ['openDependencies', 'openChildren', 'gateOpen', 'awaited'] as const;

function copyField<Field extends keyof TaskState>(field: Field, from: TaskState, to: Pick<TaskState, Field>): void {
  to[field] = from[field];
}

type Row = { readonly [Field in (typeof ROW_FIELDS)[number]]: TaskState[Field] };

function rowOf(task: TaskState): Row {
  return { ...task };
}

function isSameRow(a: Row, b: Row): boolean {
  for (const field of ROW_FIELDS) if (a[field] !== b[field]) return false;
  return true;
}

function seqOf({ output }: Row): number {
  return output.kind === 'event' ? output.seq : 0;
}

function jobRowOf(state: JobState): readonly unknown[] {
  return [
    state.status,
    state.begun,
    state.success,
    state.generation,
    state.lastSeq,
    state.startedAt,
    state.finishedAt,
    state.noteSeq,
    ...state.counts,
  ];
}

function requestsOf({ requests }: JobState): string[] {
  return [...requests.values()].sort((a, b) => a.request - b.request).map((request) => JSON.stringify(request));
}

function linesOf({ deliveries }: JobState): string[] {
  return [...deliveries].map(([line, { last, count }]) => `${line} ${last} ${count}`).sort();
}

function isEnded({ status }: JobState): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function equal(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** The event as it is read back from the log: sets of tasks have lost the order in which they were found. */
function asStored(event: JobEvent): JobEvent {
  if (event.type === 'TASKS_ADDED') return event;
  const { task, data, text } = encodeEvent(event);
  return decodeEvent(
    { seq: 0, type: eventTypes.toIndex(event.type), task, at: event.at, actor: event.actor, data, body: text && text.json },
    [],
  );
}

// ── small parts ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What agents return. */
const VALUES: readonly Json[] = [{ ok: true }, { ok: true }, { ok: false }, null, 'text', 0];

function textOf(value: Json): JsonText {
  const json = JSON.stringify(value);
  return { json, bytes: json.length };
}

const AGENTS: ReadonlySet<string> = new Set(['agent-0', 'agent-1', 'agent-2']);

function modeFor(n: number): DependencyMode {
  return n % 2 === 0 ? 'completed' : DEPENDENCY_MODES[n % DEPENDENCY_MODES.length]!;
}

const RETRIES: readonly RetryPolicy[] = [
  NO_RETRY,
  { ...NO_RETRY, maxAttempts: 2 },
  { maxAttempts: 3, kind: 'fixed', delayMs: 500, maxDelayMs: 60_000, factor: 2, jitter: 0 },
  { maxAttempts: 4, kind: 'linear', delayMs: 300, maxDelayMs: 500, factor: 2, jitter: 0 },
];

function newTasks(asker: TaskSpec, origin: 'need' | 'map' | 'spawn', count: number): NewTask[] {
  return Array.from({ length: count }, (_, index) => {
    const {
      no: _no,
      key: _key,
      parent: _parent,
      ...spec
    } = plainSpec(1, {
      type: 'SUBTASK',
      agent: `agent-${index % 3}`,
      strategy: origin === 'need' ? 'continue' : asker.strategy,
      origin,
      originKey: origin === 'map' ? null : `question ${index}`,
    });
    return { key: `${asker.key}.${origin}`, spec };
  });
}

function describe(command: Command): string {
  const { kind, ...rest } = command;
  if (kind === 'submit') return 'submit';
  const {
    agents: _agents,
    retry,
    error,
    summary,
    output,
    actor,
    reason,
    random,
    message,
    answer,
    subscribers,
    ...shown
  } = rest as { [key: string]: unknown };
  void [error, summary, output, actor, random, message, answer, subscribers];
  const tasks =
    'tasks' in command && (command.kind === 'suspend' || command.kind === 'spawn') ? { tasks: command.tasks.length } : undefined;
  const attempts = retry === undefined ? undefined : { maxAttempts: (retry as RetryPolicy).maxAttempts };
  return `${kind} ${JSON.stringify({ ...shown, ...(kind === 'park' ? { reason } : undefined), ...tasks, ...attempts })}`;
}

function inShort({ no, parent, agent, strategy, dependencies, condition, review, recovery }: TaskSpec): object {
  return {
    no,
    parent,
    agent,
    strategy,
    after: dependencies.map(({ on, mode }) => (mode === 'completed' ? on : `${on} ${mode}`)),
    ...(review ? { review: `${review.by} ${review.maxRejections}` } : undefined),
    ...(recovery ? { or: recovery.kind === 'use-value' ? 'value' : `t${recovery.task}` } : undefined),
    ...(condition ? { when: `${condition.task}${condition.path}` } : undefined),
  };
}
