import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { AGENT_OPTIONS } from '../../src/authoring/agent-definition.js';
import { CONTRIBUTIONS, PLUGIN_OPTIONS } from '../../src/engine/define-plugin.js';
import { JOB_OPTIONS } from '../../src/engine/job-options.js';
import { ENGINE_OPTIONS } from '../../src/engine/options.js';
import {
  createEngine,
  defineAgent,
  definePlugin,
  defineTopic,
  defineWorkflow,
  isTaskloomError,
  type Engine,
  type EnginePlugin,
  type ScheduleOptions,
  type TaskSubmission,
} from '../../src/index.js';
import { echo } from '../helpers/agents.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

const circle: Record<string, unknown> = {};
circle['self'] = circle;

/** Values that no option wants, among them such as JSON cannot write and such as cannot become a text. */
const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['a bigint', 10n],
  ['a symbol', Symbol('x')],
  ['an object without a prototype', Object.create(null)],
  ['an object that holds itself', circle],
  ['a list of a symbol', [Symbol('x')]],
  ['a list of an object without a prototype', [Object.create(null)]],
  ['an object that refuses to be written', { toJSON: (): never => refuse(), toString: (): never => refuse() }],
  ['a function', (): number => 1],
  ['no number', Number.NaN],
  ['an invalid date', new Date(Number.NaN)],
  ['a list that is 0 long and says otherwise', Object.assign(Object.create(Array.prototype), { length: 3 })],
  ['null', null],
  ['a text of 100,000 characters', '😀'.repeat(50_000)],
];

function refuse(): never {
  throw new Error('I will not be written.');
}

/** What is wrong with how each attempt ended, by its name; what was taken, or refused with a code, is well. */
class Attempts {
  readonly faults: string[] = [];

  /** What came of it: `taken`, or the code it was refused with. */
  async try(what: string, attempt: () => unknown): Promise<string> {
    try {
      await attempt();
      return 'taken';
    } catch (error) {
      if (!isTaskloomError(error)) this.faults.push(`${what} ended in ${String(error)}`);
      else if (error.code === 'INTERNAL') this.faults.push(`${what} is called a defect: ${error.message}`);
      else if (SHAPELESS.test(error.message) || error.message.length > MOST_CHARACTERS || !error.message.isWellFormed())
        this.faults.push(`${what} is refused with: ${error.message.slice(0, 300)}`);
      return isTaskloomError(error) ? error.code : 'another error';
    }
  }
}

const SHAPELESS = /\[object /;
const MOST_CHARACTERS = 1_000;

/** Every part of a task: the compiler misses what is left out. */
const TASK_PARTS: { readonly [Part in keyof Required<TaskSubmission>]: true } = {
  key: true,
  agent: true,
  type: true,
  parent: true,
  name: true,
  description: true,
  kind: true,
  assignee: true,
  acceptanceCriteria: true,
  input: true,
  refs: true,
  dependsOn: true,
  when: true,
  map: true,
  priority: true,
  weight: true,
  failureStrategy: true,
  overrides: true,
  durability: true,
  deadline: true,
  runAt: true,
  review: true,
  useValue: true,
  routeTo: true,
  resources: true,
  metadata: true,
};

/** Tasks with a value inside of one of their parts. */
const INSIDE_TASKS: readonly (readonly [place: string, taskWith: (value: unknown) => object])[] = [
  ['review.by', (by) => ({ review: { by } })],
  ['review.agent', (agent) => ({ review: { by: 'agent', agent } })],
  ['review.maxRejections', (maxRejections) => ({ review: { by: 'manual', maxRejections } })],
  ['dependsOn.0', (entry) => ({ dependsOn: [entry] })],
  ['dependsOn.0.task', (task) => ({ dependsOn: [{ task }] })],
  ['dependsOn.0.mode', (mode) => ({ dependsOn: [{ task: 'a', mode }] })],
  ['dependsOn.1.mode, of the same task', (mode) => ({ dependsOn: ['a', { task: 'a', mode }] })],
  ['refs.0.at', (at) => ({ input: null, refs: [{ at, task: 'a' }] })],
  ['refs.0.task', (task) => ({ input: null, refs: [{ at: '', task }] })],
  ['refs.0.path', (path) => ({ input: null, refs: [{ at: '', task: 'a', path }] })],
  ['when.task', (task) => ({ when: { task } })],
  ['when.path', (path) => ({ when: { task: 'a', path } })],
  ['map.over.task', (task) => mapWith({ over: { task } })],
  ['map.over.path', (path) => mapWith({ over: { task: 'a', path } })],
  ['map.agent', (agent) => mapWith({ agent })],
  ['map.input', (input) => mapWith({ input })],
  ['map.input.refs.0.task', (task) => mapWith({ input: { value: [null, null], refs: [{ at: '/1', task }] } })],
  ['map.items.0.at', (at) => mapWith({ items: [{ at, path: '' }] })],
  ['map.items.0.path', (path) => mapWith({ items: [{ at: '', path }] })],
  ['map.batch', (batch) => mapWith({ batch })],
  ['map.overrides', (overrides) => mapWith({ overrides })],
  ['overrides.timeoutMs', (timeoutMs) => ({ overrides: { timeoutMs } })],
  ['overrides.retry.factor', (factor) => ({ overrides: { retry: { factor } } })],
  ['overrides.limits', (limits) => ({ overrides: { limits } })],
  ['overrides.resources', (resources) => ({ overrides: { resources } })],
  ['resources.cpu', (cpu) => ({ resources: { cpu } })],
];

function mapWith(part: object): object {
  return { agent: undefined, map: { over: { task: 'a' }, agent: 'echo', input: { value: null, refs: [] }, items: [], ...part } };
}

/** Groups of the engine's options. */
const INSIDE_ENGINE: readonly (readonly [group: string, options: readonly string[]])[] = [
  [
    'limits',
    ['inputBytes', 'resolvedInputBytes', 'outputBytes', 'dynamicTasksPerCall', 'dynamicTasksPerJob', 'tasksPerJob', 'edgesPerJob', 'depth'],
  ],
  ['store', ['type', 'path', 'synchronous']],
  ['cache', ['entries', 'bytes']],
  ['guards', ['circuitBreaker', 'cascadeAfter']],
  ['monitor', ['interval', 'taskDuration', 'resourceUsage', 'dependencyWait', 'failureRate', 'failureWindow', 'failureTasks', 'store']],
  ['pools', ['cpu']],
  ['namedLimits', ['api']],
];

/** Groups of an agent's options. */
const INSIDE_AGENTS: readonly (readonly [group: string, options: readonly string[]])[] = [
  ['retry', ['maxAttempts', 'backoff', 'delay', 'maxDelay', 'factor', 'jitter', 'retryOn']],
  ['rate', ['starts', 'per']],
  ['review', ['by', 'agent', 'maxRejections']],
  ['cache', ['ttl', 'scope', 'key', 'bound', 'version']],
  ['resources', ['cpu']],
];

const greet = defineWorkflow({ name: 'greet', input: z.unknown(), output: z.unknown(), plan: () => undefined });

const CONTROLS: readonly (readonly [string, (engine: Engine, id: never) => unknown])[] = [
  ['cancelJob', (engine, id) => engine.cancelJob(id)],
  ['pauseJob', (engine, id) => engine.pauseJob(id)],
  ['resumeJob', (engine, id) => engine.resumeJob(id)],
  ['retryJob', (engine, id) => engine.retryJob(id)],
  ['skipTask', (engine, id) => engine.skipTask(id)],
  ['cancelTask', (engine, id) => engine.cancelTask(id)],
  ['acceptTask', (engine, id) => engine.acceptTask(id)],
  ['rejectTask', (engine, id) => engine.rejectTask(id, { reason: 'again' })],
  ['resumeTask', (engine, id) => engine.resumeTask(id, { as: 'RERUN' })],
  ['answer', (engine, id) => engine.answerHumanRequest(id, true)],
  ['why', (engine, id) => engine.why(id)],
  ['handle', (engine, id) => engine.job(id)],
  ['retryJob with tasks', (engine, id) => engine.retryJob(id, { tasks: ['x:1'] })],
  ['retryTask', (engine, id) => engine.retryTask(id)],
  ['jobGraph', (engine, id) => engine.jobGraph(id, { format: 'DOT' })],
  ['jobReport', (engine, id) => engine.jobReport(id)],
  ['pauseSchedule', (engine, id) => engine.pauseSchedule(id)],
  ['resumeSchedule', (engine, id) => engine.resumeSchedule(id)],
  ['acknowledgeAlert', (engine, id) => engine.acknowledgeAlert(id)],
];

/** What is asked of a job that is there. */
const QUESTIONS: readonly (readonly [string, (engine: Engine, id: string, value: never) => unknown])[] = [
  ['tasks to run again', (engine, id, tasks) => engine.retryJob(id, { tasks })],
  ['a task to run again', (engine, id, task) => engine.retryJob(id, { tasks: [task] })],
  ['the format of a drawing', (engine, id, format) => engine.jobGraph(id, { format })],
  ['the detail of a drawing', (engine, id, detail) => engine.jobGraph(id, { format: 'DOT', detail })],
  ['the middle of a drawing', (engine, id, taskId) => engine.jobGraph(id, { format: 'DOT', taskId })],
  ['the depth of a drawing', (engine, id, depth) => engine.jobGraph(id, { format: 'DOT', depth })],
  ['how many tasks a report tells of', (engine, id, maxTasks) => engine.jobReport(id, { maxTasks })],
];

describe.each(HOSTILE)('%s is refused with a code, or taken, but never ends in another error', (_, value) => {
  it('as an option of a job', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    const tasks = [{ key: 'a', agent: 'echo' }];
    for (const option of JOB_OPTIONS)
      await attempts.try(option, () => engine.submitJob({ name: 'job', tasks, options: { [option]: value } }));
    for (const part of ['name', 'tasks', 'steps', 'input', 'output', 'options'])
      await attempts.try(`the job's ${part}`, () => engine.submitJob({ name: 'job', tasks, [part]: value }));
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of a task, when it is submitted and when it joins a job', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    const { id } = await engine.submitJob({ name: 'open', tasks: [], options: { runAt: new Date('2100-01-01') } });
    for (const option of Object.keys(TASK_PARTS)) {
      const task = { key: `t-${option}`, agent: 'echo', [option]: value } as never;
      const atSubmit = await attempts.try(`${option} at submit`, () => engine.submitJob({ name: 'job', tasks: [task] }));
      expect([option, await attempts.try(`${option} at add`, () => engine.addTasks(id, [task]))]).toEqual([option, atSubmit]);
    }
    expect(attempts.faults).toEqual([]);
  });

  it('inside of a part of a task, when it is submitted and when it joins a job', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    const first = { key: 'a', agent: 'echo' };
    const { id } = await engine.submitJob({ name: 'open', tasks: [first], options: { runAt: new Date('2100-01-01') } });
    for (const [place, taskWith] of INSIDE_TASKS) {
      const task = { key: `t-${place.replaceAll(/[^a-zA-Z0-9]/g, '-')}`, agent: 'echo', ...taskWith(value) } as never;
      const atSubmit = await attempts.try(`${place} at submit`, () => engine.submitJob({ name: 'job', tasks: [first, task] }));
      expect([place, await attempts.try(`${place} at add`, () => engine.addTasks(id, [task]))]).toEqual([place, atSubmit]);
    }
    await attempts.try('output.refs.0.task', () =>
      engine.submitJob({ name: 'job', tasks: [first], output: { value: null, refs: [{ at: '', task: value as never }] } }),
    );
    expect(attempts.faults).toEqual([]);
  });

  it('as a part of an ordered step', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    for (const part of ['key', 'parallel', 'dependsOn'])
      await attempts.try(part, () =>
        engine.submitJob({
          name: 'job',
          tasks: [],
          steps: [{ key: 'a', agent: 'echo' }, { key: 'b', agent: 'echo', [part]: value }, { key: 'c', agent: 'echo', parallel: true }, { key: 'd', agent: 'echo' }], // prettier-ignore
        }),
      );
    await attempts.try('key and parallel', () =>
      engine.submitJob({ name: 'job', tasks: [], steps: [{ key: value as never, agent: 'echo', parallel: value as never }] }),
    );
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of an agent, a workflow or a topic', async () => {
    const attempts = new Attempts();
    const agent = { name: 'a', input: z.unknown(), output: z.unknown(), execute: () => null };
    for (const option of [...AGENT_OPTIONS, 'scope', 'create', 'subscribes'])
      await attempts.try(`agent.${option}`, () => defineAgent({ ...agent, [option]: value }));
    for (const [group, options] of INSIDE_AGENTS)
      for (const option of options)
        await attempts.try(`agent.${group}.${option}`, () => defineAgent({ ...agent, [group]: { [option]: value } }));
    const batches = { name: 'a', input: z.unknown(), output: z.unknown(), executeBatch: () => [] };
    for (const [option, around] of [
      ['maxSize', {}],
      ['maxWait', {}],
      ['', { concurrency: value }],
      ['', { timeout: value }],
      ['', { exclusive: value }],
    ] as const)
      // prettier-ignore
      await attempts.try(`agent.batch.${option}`, () =>
        defineAgent({ ...batches, ...around, batch: { maxSize: 2, maxWait: 1, ...(option && { [option]: value }) } } as never),
      );
    const workflow = { name: 'w', input: z.unknown(), output: z.unknown(), plan: () => undefined };
    for (const option of Object.keys({ ...workflow, description: '', version: '' }))
      await attempts.try(`workflow.${option}`, () => defineWorkflow({ ...workflow, [option]: value }));
    const topic = { name: 't', payload: z.unknown() };
    for (const option of Object.keys(topic)) await attempts.try(`topic.${option}`, () => defineTopic({ ...topic, [option]: value }));
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of the engine', async () => {
    const attempts = new Attempts();
    for (const option of ENGINE_OPTIONS) await attempts.try(option, () => createEngine({ store: { path: lab.path() }, [option]: value }));
    const limit = { inputBytes: 1_000, resolvedInputBytes: 1_000, dynamicTasksPerCall: 10, dynamicTasksPerJob: 10 };
    for (const [group, options] of INSIDE_ENGINE)
      for (const option of options) {
        const around = group === 'limits' ? limit : {};
        await attempts.try(`${group}.${option}`, () =>
          createEngine({ store: { path: lab.path() }, [group]: { path: lab.path(), ...around, [option]: value } }),
        );
        await attempts.try(`${group}.${option} alone`, () => createEngine({ [group]: { ...around, [option]: value } }));
      }
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of a plugin or a schedule', async () => {
    const attempts = new Attempts();
    for (const option of PLUGIN_OPTIONS) await attempts.try(`plugin.${option}`, () => definePlugin({ name: 'p', [option]: value }));
    for (const option of PLUGIN_OPTIONS.slice(1))
      await attempts.try(`plugin.name and plugin.${option}`, () => definePlugin({ name: value as string, [option]: value }));
    for (const part of CONTRIBUTIONS)
      await attempts.try(`plugin.contributes.${part}`, () => definePlugin({ name: 'p', contributes: { [part]: value } }));
    const engine = await lab.start([greet]);
    const schedule: ScheduleOptions = { id: 's', workflow: 'greet', every: '1h', input: null };
    for (const option of [...Object.keys(schedule), 'cron', 'timezone', 'missed', 'overlap', 'startAt', 'endAt', 'options'])
      await attempts.try(`schedule.${option}`, () => engine.createSchedule({ ...schedule, [option]: value }));
    expect(attempts.faults).toEqual([]);
  });

  it('as all the options of something', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([greet]);
    await attempts.try('an engine', () => createEngine(value as object));
    await attempts.try('an agent', () => defineAgent(value as never));
    await attempts.try('a workflow', () => defineWorkflow(value as never));
    await attempts.try('a plugin', () => definePlugin(value as never));
    await attempts.try('a schedule', () => engine.createSchedule(value as never));
    expect(attempts.faults).toEqual([]);
  });

  it('as what is asked of a job', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [], options: { confirm: true } });
    for (const [what, ask] of QUESTIONS) await attempts.try(what, () => ask(engine, id, value as never));
    expect(attempts.faults).toEqual([]);
  });

  it('as the id of a schedule that is looked for', async () => {
    const engine = await lab.start([greet]);
    expect([await engine.schedule(value as never), await engine.deleteSchedule(value as never)]).toEqual([null, false]);
  });

  it('as the id of a job, a task, a question, a schedule or an alert, and no plugin hears of it', async () => {
    const attempts = new Attempts();
    const heard: unknown[] = [];
    const listens: EnginePlugin = definePlugin({ name: 'listens', beforeCancel: (request) => void heard.push(request) });
    const engine = await lab.start([echo], { plugins: [listens] });
    for (const [name, control] of CONTROLS)
      if ((await attempts.try(name, () => control(engine, value as never))) === 'taken') attempts.faults.push(`${name} takes it for an id`);
    expect(attempts.faults).toEqual([]);
    expect(heard).toEqual([]);
  });
});
