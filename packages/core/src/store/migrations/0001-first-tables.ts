import type { MigrationInterface, QueryRunner } from 'typeorm';

import { eventTable, payloadTable } from '../tables/event.table.js';
import { idempotencyTable, jobSpecTable, jobTable } from '../tables/job.table.js';
import { keyValueTable } from '../tables/key-value.table.js';
import { requestTable } from '../tables/request.table.js';
import { stepTable, taskSpecTable, taskTable } from '../tables/task.table.js';

const FIRST_TABLES = [
  jobTable,
  jobSpecTable,
  taskTable,
  taskSpecTable,
  eventTable,
  payloadTable,
  stepTable,
  requestTable,
  idempotencyTable,
  keyValueTable,
];

export class FirstTables1763700000001 implements MigrationInterface {
  readonly name = 'FirstTables1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of FIRST_TABLES) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...FIRST_TABLES].reverse()) await runner.dropTable(table);
  }
}
