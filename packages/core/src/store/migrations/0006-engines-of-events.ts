import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';
import { engineTable } from '../tables/engine.table.js';
import { TABLES } from '../tables/table-names.js';

export class EnginesOfEvents1764400000006 implements MigrationInterface {
  readonly name = 'EnginesOfEvents1764400000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(dialectOf(runner).toTable(engineTable));
    if (!(await runner.hasColumn(TABLES.event, 'engine'))) await runner.query(`ALTER TABLE ${TABLES.event} ADD COLUMN engine integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${TABLES.event} DROP COLUMN engine`);
    await runner.dropTable(TABLES.engine);
  }
}
