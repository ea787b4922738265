import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';
import { TABLES } from '../tables/table-names.js';

/** Tables that were made before tasks and questions could be meant for somebody. */
const TABLES_OF_BEFORE = [TABLES.taskSpec, TABLES.request];

export class Assignees1764300000003 implements MigrationInterface {
  readonly name = 'Assignees1764300000003';

  async up(runner: QueryRunner): Promise<void> {
    const type = dialectOf(runner).name === 'postgres' ? 'text COLLATE "C"' : 'text';
    for (const table of TABLES_OF_BEFORE)
      if (!(await runner.hasColumn(table, 'assignee'))) await runner.query(`ALTER TABLE ${table} ADD COLUMN assignee ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES_OF_BEFORE) await runner.query(`ALTER TABLE ${table} DROP COLUMN assignee`);
  }
}
