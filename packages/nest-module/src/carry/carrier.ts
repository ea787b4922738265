import type { AgentDefinition, Engine, JobOptions, JobSubmission } from '@taskloom/core';

import type { CarryOptions, CarryOrigin } from './carry.options.js';

/** Brings the application's context into jobs, and back around their attempts. */
export class Carrier {
  constructor(private readonly options: CarryOptions) {}

  /** The options of a job with what it carries; what is given as `carried` counts. @throws what `capture` throws */
  async into(options: JobOptions, origin: CarryOrigin): Promise<JobOptions> {
    if (options.carried !== undefined) return options;
    const carried = await this.options.capture(origin);
    return carried ? { ...options, carried } : options;
  }

  /** Runs `act` in the context that the options carry. */
  within<Result>({ carried }: JobOptions, act: () => Result): Result {
    return carried ? this.options.run(carried, act) : act();
  }

  /** The agent, run in the context that its job carries. */
  around(definition: AgentDefinition): AgentDefinition {
    const { execute } = definition;
    return {
      ...definition,
      execute: (input, task) => {
        const { carried } = task.job;
        return carried ? this.options.run(carried, () => execute(input, task)) : execute(input, task);
      },
    };
  }

  /** The engine for code of the application: jobs that it starts carry the context in which they are started. */
  engineFor(engine: Engine): Engine {
    const started = {
      startWorkflow: async (workflow: string, input: never, options: JobOptions = {}) =>
        engine.startWorkflow(workflow, input, await this.into(options, { api: null })),
      submitJob: async (submission: JobSubmission) =>
        engine.submitJob({ ...submission, options: await this.into(submission.options ?? {}, { api: null }) }),
    };
    return new Proxy(engine, {
      get: (target, name) => {
        if (Object.hasOwn(started, name)) return started[name as keyof typeof started];
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
