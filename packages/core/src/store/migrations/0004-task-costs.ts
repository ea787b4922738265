import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';
import { TABLES } from '../tables/table-names.js';
import { taskCostTable } from '../tables/task-cost.table.js';

export class TaskCosts1764300000004 implements MigrationInterface {
  readonly name = 'TaskCosts1764300000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(dialectOf(runner).toTable(taskCostTable));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLES.taskCost);
  }
}
