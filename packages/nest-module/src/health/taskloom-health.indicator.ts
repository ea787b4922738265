import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { JOB_STATUSES, isTerminalJob, type Engine } from '@taskloom/core';

import { TASKLOOM_ENGINE } from '../tokens.js';

export interface TaskloomHealthOptions {
  /** How long the store may take to answer. Default 1,000. */
  readonly timeoutMs?: number;
}

const OPEN = JOB_STATUSES.filter((status) => !isTerminalJob(status));

/**
 * For `@nestjs/terminus`: whether the engine runs and its store answers. A provider of the module that has the health
 * check; it asks nothing of agents, and full limits are no illness.
 */
@Injectable()
export class TaskloomHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(TASKLOOM_ENGINE) private readonly engine: Engine,
  ) {}

  /** Up with `openJobs`, and `running`, `capacity` and `waiting` tasks of this process; down with why. */
  async isHealthy<const Key extends string>(
    key: Key,
    { timeoutMs = 1_000 }: TaskloomHealthOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const indicator = this.indicators.check(key);
    if (this.engine.recoveryReport() === null) return indicator.down('the engine has not started');
    try {
      const openJobs = await withTimeout(this.engine.reader.countJobs({ status: OPEN }), timeoutMs);
      const { taken = 0, capacity = 0, waiting = 0 } = this.engine.limitGauges().find(({ kind }) => kind === 'process') ?? {};
      return indicator.up({ openJobs, running: taken, capacity, waiting });
    } catch (error) {
      return indicator.down(error instanceof Error ? error.message : String(error));
    }
  }
}

async function withTimeout<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the store has not answered within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
