import type { EngineIdentity } from '../../model/engine-identity.js';
import { each, row, type Operation } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';

/** More engines than a log is likely to name; they are read again where it does. */
const REMEMBERED = 1_000;

export const ENGINE_STATEMENTS = {
  /** Answers with the number also where the row is there: whoever did not hear the answer asks again. */
  enter: statement(
    'enter-engine',
    `INSERT INTO ${TABLES.engine} (id, name, started_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING no`,
  ),
  byNo: lookup('view-engine', { select: 'id, name', from: TABLES.engine, by: { no: 'integer' } }),
} as const;

/** Writes down an engine. @returns the number by which events name it */
export function* enterEngine({ id, name }: EngineIdentity, startedAt: number): Operation<number> {
  return (yield* row<{ no: number }>(ENGINE_STATEMENTS.enter, id, name, startedAt))!.no;
}

/** The engines that events name, by number. A row of an engine never changes: each is read once. */
export class KnownEngines {
  private readonly known = new Map<number, EngineIdentity>();

  add(no: number, engine: EngineIdentity): void {
    this.known.set(no, engine);
  }

  /** Reads those of them that are not known yet. */
  *at(numbers: readonly (number | null)[]): Operation<ReadonlyMap<number, EngineIdentity>> {
    const found = new Map<number, EngineIdentity>();
    const missing: number[] = [];
    for (const no of new Set(numbers)) {
      const known = no === null ? undefined : this.known.get(no);
      if (known) found.set(no!, known);
      else if (no !== null) missing.push(no);
    }
    const read = yield* each<EngineIdentity>(
      ENGINE_STATEMENTS.byNo,
      missing.map((no) => [no]),
    );
    if (this.known.size + read.length > REMEMBERED) this.known.clear();
    read.forEach(([engine], index) => {
      if (!engine) return;
      const { id, name } = engine;
      const no = missing[index]!;
      found.set(no, { id, name });
      this.known.set(no, { id, name });
    });
    return found;
  }
}
