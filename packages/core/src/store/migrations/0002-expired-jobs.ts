import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';
import { expiredJobTable } from '../tables/expired-job.table.js';
import { TABLES } from '../tables/table-names.js';

const INDICES = [
  { table: TABLES.job, name: 'taskloom_job_finished', columnNames: ['finished_at'] },
  { table: TABLES.idempotency, name: 'taskloom_idempotency_job', columnNames: ['job_id'] },
];

export class ExpiredJobs1764300000002 implements MigrationInterface {
  readonly name = 'ExpiredJobs1764300000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(dialectOf(runner).toTable(expiredJobTable));
    for (const { table, name, columnNames } of INDICES) await runner.query(`CREATE INDEX ${name} ON ${table} (${columnNames.join(', ')})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of INDICES) await runner.query(`DROP INDEX ${name}`);
    await runner.dropTable(TABLES.expiredJob);
  }
}
