import { TaskloomError } from '../../errors/taskloom-error.js';
import { MIGRATIONS } from './index.js';

/** @throws TaskloomError `SCHEMA_NEWER` when a migration was applied that this version does not know */
export function refuseNewer(applied: readonly string[]): void {
  const known: ReadonlySet<string> = new Set(MIGRATIONS.map((migration) => new migration().name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new TaskloomError('SCHEMA_NEWER', `The database has changes this version does not know: ${unknown.join(', ')}.`, {
      details: { unknown },
    });
}
