import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  createEngine,
  defineAgent,
  definePlugin,
  defineTopic,
  defineWorkflow,
  isTaskloomError,
  type Engine,
  type ScheduleOptions,
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

const JOB_OPTIONS = [
  'tenant',
  'idempotencyKey',
  'priority',
  'maxParallel',
  'failureStrategy',
  'allowedAgents',
  'confirm',
  'runAt',
  'deadline',
  'timeLimit',
  'metadata',
  'carried',
  'actor',
];
const TASK_OPTIONS = [
  'key',
  'agent',
  'type',
  'parent',
  'name',
  'description',
  'kind',
  'assignee',
  'acceptanceCriteria',
  'input',
  'refs',
  'dependsOn',
  'when',
  'map',
  'priority',
  'weight',
  'failureStrategy',
  'overrides',
  'durability',
  'deadline',
  'runAt',
  'review',
  'useValue',
  'routeTo',
  'resources',
  'metadata',
];
const AGENT_OPTIONS = [
  'name',
  'description',
  'version',
  'input',
  'output',
  'capabilities',
  'retry',
  'timeout',
  'idleTimeout',
  'concurrency',
  'concurrencyPerKey',
  'concurrencyKey',
  'rate',
  'limits',
  'resources',
  'exclusive',
  'cache',
  'durability',
  'review',
  'onTimeout',
  'publishes',
  'subscribes',
  'batch',
  'scope',
  'create',
  'execute',
  'retryOn',
];
const ENGINE_OPTIONS = [
  'preset',
  'name',
  'store',
  'runTasks',
  'maxParallel',
  'timeout',
  'ageing',
  'grace',
  'pools',
  'namedLimits',
  'limits',
  'retention',
  'cache',
  'monitor',
  'guards',
  'planner',
  'plugins',
];
const PLUGIN_OPTIONS = ['name', 'required', 'after', 'timeout', 'contributes', 'setup', 'beforeStart', 'onEvent'];

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
    for (const option of TASK_OPTIONS) {
      const task = { key: `t-${option}`, agent: 'echo', [option]: value } as never;
      const atSubmit = await attempts.try(`${option} at submit`, () => engine.submitJob({ name: 'job', tasks: [task] }));
      expect([option, await attempts.try(`${option} at add`, () => engine.addTasks(id, [task]))]).toEqual([option, atSubmit]);
    }
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of an agent, a workflow or a topic', async () => {
    const attempts = new Attempts();
    const agent = { name: 'a', input: z.unknown(), output: z.unknown(), execute: () => null };
    for (const option of AGENT_OPTIONS) await attempts.try(`agent.${option}`, () => defineAgent({ ...agent, [option]: value }));
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
    expect(attempts.faults).toEqual([]);
  });

  it('as an option of a plugin or a schedule', async () => {
    const attempts = new Attempts();
    for (const option of PLUGIN_OPTIONS) await attempts.try(`plugin.${option}`, () => definePlugin({ name: 'p', [option]: value }));
    for (const part of ['store', 'dispatcher', 'router', 'summarizer', 'policies', 'definitions'])
      await attempts.try(`plugin.contributes.${part}`, () => definePlugin({ name: 'p', contributes: { [part]: value } }));
    const engine = await lab.start([greet]);
    const schedule: ScheduleOptions = { id: 's', workflow: 'greet', every: '1h', input: null };
    for (const option of [...Object.keys(schedule), 'cron', 'timezone', 'missed', 'overlap', 'startAt', 'endAt', 'options'])
      await attempts.try(`schedule.${option}`, () => engine.createSchedule({ ...schedule, [option]: value }));
    expect(attempts.faults).toEqual([]);
  });

  it('as the id of a job, a task or a question', async () => {
    const attempts = new Attempts();
    const engine = await lab.start([echo]);
    for (const [name, control] of CONTROLS)
      if ((await attempts.try(name, () => control(engine, value as never))) === 'taken') attempts.faults.push(`${name} takes it for an id`);
    expect(attempts.faults).toEqual([]);
  });
});
