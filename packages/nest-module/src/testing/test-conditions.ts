import type { AgentDefinition, Engine } from '@taskloom/core';

import type { TaskloomModuleOptions } from '../taskloom.options.js';

/** @internal What a test puts in the place of what the application says. */
export interface TestConditions {
  /** Count in place of the application's own. */
  readonly options: Partial<TaskloomModuleOptions>;
  /** By name: what they do counts, everything else of an agent stays as the application defines it. */
  readonly agents: ReadonlyMap<string, AgentDefinition>;
  /** Told of the engine when it is made. */
  readonly made: (engine: Engine) => void;
  /** Waits for a stopping engine, whose clock may stand still. */
  readonly settle: (stopping: Promise<void>) => Promise<void>;
}

/** @internal */
export const TEST_CONDITIONS = Symbol.for('taskloom.test-conditions');
