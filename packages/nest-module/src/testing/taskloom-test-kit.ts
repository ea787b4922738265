import type { TestingModuleBuilder } from '@nestjs/testing';
import type { Engine, EventView, JobOptions, JobSubmission, JobView, Json, StoredError, TaskView, WorkflowTarget } from '@taskloom/core';
import { scriptedAgent, VirtualClock, type ScriptedAgent, type ScriptedCall, type ScriptStep } from '@taskloom/core/testing';

import type { TaskloomModuleOptions } from '../taskloom.options.js';
import { TEST_CONDITIONS, type TestConditions } from './test-conditions.js';

/** What `TaskloomModule.forRoot` takes, and what stands in for agents. */
export interface TaskloomTestOptions extends Omit<TaskloomModuleOptions, 'clock' | 'roles'> {
  /**
   * What agents do in the test, by name: steps of `scriptedAgent`, one for each call, the last one again and again. Their
   * schemas, retries and limits stay the application's own. An agent that the application does not have takes any JSON.
   */
  readonly agents?: { readonly [name: string]: ScriptStep | readonly ScriptStep[] };
}

/** What came of a job. */
export interface TestRun {
  readonly job: JobView;
  /** By key. */
  readonly tasks: ReadonlyMap<string, TaskView>;
  /** Outputs by key; tasks without one are left out. */
  readonly outputs: ReadonlyMap<string, Json>;
  readonly events: readonly EventView[];
  /** The job's output; `undefined` where it did not complete. */
  readonly output: Json | undefined;
  readonly error: StoredError | null;
  /** Milliseconds of virtual time that the job took. */
  readonly tookMs: number;
}

const PAGE = 100;
const EVENTS = 1_000;
const WHOLE = Number.MAX_SAFE_INTEGER;

/** A virtual clock, agents that do what the test says, a store that is gone afterwards, and no API unless `api` is given. */
export class TaskloomTestKit {
  readonly clock = new VirtualClock();
  private readonly scripted: ReadonlyMap<string, ScriptedAgent>;
  private made: Engine | null = null;
  /** @internal */
  readonly conditions: TestConditions;

  /** @throws TaskloomError `OPTIONS_INVALID` for an empty script */
  constructor({ agents = {}, ...options }: TaskloomTestOptions = {}) {
    this.scripted = new Map(Object.entries(agents).map(([name, script]) => [name, scriptedAgent(name, script)]));
    this.conditions = {
      options: { store: { path: ':memory:', synchronous: 'NORMAL' }, api: false, ...options, clock: this.clock },
      agents: new Map([...this.scripted].map(([name, { agent }]) => [name, agent])),
      made: (engine) => (this.made = engine),
      settle: (stopping) => this.clock.runUntil(stopping),
    };
  }

  /** Puts an application that imports `TaskloomModule.forRoot` itself under the kit's conditions; what else it says stays. */
  override(builder: TestingModuleBuilder): TestingModuleBuilder {
    return builder.overrideProvider(TEST_CONDITIONS).useValue(this.conditions);
  }

  /** The engine of the application. It runs from `app.init()` on. */
  get engine(): Engine {
    if (!this.made) throw new Error('The testing module has not been compiled yet, or it does not import TaskloomModule.');
    return this.made;
  }

  /** Every call of an agent that has a script, in order. */
  calls(agent: string): readonly ScriptedCall[] {
    const { calls } = this.scripted.get(agent) ?? {};
    if (!calls) throw new Error(`The kit has no script for the agent "${agent}".`);
    return calls;
  }

  /** Starts a workflow and runs it to its end in virtual time. A job that waits for a person never ends; give it a `timeLimit`. */
  async run(workflow: WorkflowTarget, input: Json = null, options: JobOptions = {}): Promise<TestRun> {
    return this.toItsEnd(await this.engine.startWorkflow(workflow as string, input, options));
  }

  /** Starts an explicit graph and runs it to its end in virtual time. */
  async runJob(submission: JobSubmission): Promise<TestRun> {
    return this.toItsEnd(await this.engine.submitJob(submission));
  }

  private async toItsEnd(handle: Awaited<ReturnType<Engine['submitJob']>>): Promise<TestRun> {
    const startedAt = this.clock.now();
    const output = (await this.clock.runUntil(handle.result()).catch(() => undefined)) as Json | undefined;
    const job = await handle.status();
    const tasks = await this.tasksOf(job.id);
    const outputs = await this.outputsOf(tasks);
    return { job, tasks, outputs, events: await this.eventsOf(job.id), output, error: job.error, tookMs: this.clock.now() - startedAt };
  }

  private async tasksOf(jobId: string): Promise<ReadonlyMap<string, TaskView>> {
    const tasks = new Map<string, TaskView>();
    let after: string | undefined;
    do {
      const page = await this.engine.reader.tasks({ jobId }, { first: PAGE, ...(after === undefined ? undefined : { after }) });
      for (const task of page.items) tasks.set(task.key, task);
      after = page.hasNextPage ? page.cursors.at(-1) : undefined;
    } while (after !== undefined);
    return tasks;
  }

  private async outputsOf(tasks: ReadonlyMap<string, TaskView>): Promise<ReadonlyMap<string, Json>> {
    const outputs = new Map<string, Json>();
    const all = [...tasks.values()];
    for (let from = 0; from < all.length; from += PAGE) {
      const some = all.slice(from, from + PAGE);
      const found = await this.engine.reader.taskOutputs(some, WHOLE);
      some.forEach(({ key }, index) => {
        const output = found[index];
        if (output) outputs.set(key, output.value);
      });
    }
    return outputs;
  }

  private async eventsOf(jobId: string): Promise<readonly EventView[]> {
    const events: EventView[] = [];
    let page: readonly EventView[];
    do {
      page = await this.engine.reader.events(jobId, events.length, EVENTS);
      events.push(...page);
    } while (page.length === EVENTS);
    return events;
  }
}
