import type { MigrationInterface, QueryRunner } from 'typeorm';

import { dialectOf } from '../dialect/dialect-of.js';

export class FirstTables1763700000001 implements MigrationInterface {
  readonly name = 'FirstTables1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = dialectOf(runner);
    for (const table of dialect.tables) {
      await runner.createTable(dialect.toTable(table));
      for (const setting of dialect.settingsOf(table)) await runner.query(setting);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...dialectOf(runner).tables].reverse()) await runner.dropTable(name);
  }
}
