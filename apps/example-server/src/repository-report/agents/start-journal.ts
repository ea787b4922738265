import { appendFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { TaskContext } from '@taskloom/core';

/**
 * Notes the start of every attempt in a file outside the database, one line each, so that anybody can check what ran how
 * often. Does nothing until it is given a path.
 */
@Injectable()
export class StartJournal {
  private path: string | null = null;

  writeTo(path: string): void {
    this.path = path;
  }

  /** Appends `<job id> <task key> <attempt> <why it runs>`; on the disk's queue when this returns. */
  started(ctx: TaskContext): void {
    if (this.path !== null) appendFileSync(this.path, `${ctx.job.id} ${ctx.task.key} ${ctx.attempt.number} ${ctx.attempt.reason}\n`);
  }
}
