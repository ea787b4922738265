import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';
import { TABLES } from '../tables/table-names.js';

const COLUMNS = ['work_done', 'work_total'];

export class WorkOfJobs1764300000005 implements MigrationInterface {
  readonly name = 'WorkOfJobs1764300000005';

  async up(runner: QueryRunner): Promise<void> {
    const type = dialectOf(runner).name === 'postgres' ? 'double precision' : 'real';
    for (const column of COLUMNS)
      if (!(await runner.hasColumn(TABLES.job, column))) await runner.query(`ALTER TABLE ${TABLES.job} ADD COLUMN ${column} ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE ${TABLES.job} DROP COLUMN ${column}`);
  }
}
