import type { Pool, PoolClient } from 'pg';

import { TaskloomError } from '../../errors/taskloom-error.js';
import { runAtOnce } from '../../kernel/steps.js';
import { Turns } from '../../kernel/turns.js';
import type { JobEvent } from '../../model/event.js';
import { IdempotencyTakenError, type JobWrite } from '../../ports/store.js';
import { commitText } from '../dialect/postgres.js';
import { loadTail } from '../operations/load-jobs.js';
import { JOB_ROWS } from '../operations/job-statements.js';
import { JobWriter } from '../operations/write-jobs.js';
import type { NumberedWrite } from '../sql/database.js';
import { statement, type RowStatement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { ClientSession } from './client-session.js';
import { change, row, rows } from '../sql/operation.js';
import { encodeArray } from './arrays.js';
import { LEASE_STATEMENTS, superseded, type Holder } from './node-lease.js';
import { noticesOf, type Channels } from './notices.js';
import { isConnectionLost, isRace, isUniqueViolation, storeError } from './postgres-errors.js';
import { RowBatch, type Chunk } from './row-batch.js';
import { settle } from './settle.js';
import { withClient } from './with-client.js';

/** How often a commit that certainly did not stand is tried again before its caller hears of it. */
const TRIES = 3;

export const COMMIT_STATEMENTS = {
  numbers: statement('new-job-numbers', `SELECT nextval('${TABLES.job}_no_seq') AS no FROM generate_series(1, CAST(? AS integer))`),
  lastSeq: statement('last-seq', `SELECT last_seq FROM ${TABLES.job} WHERE no = ?`),
  hold: statement('hold-job', `SELECT last_seq FROM ${TABLES.job} WHERE no = ?`, { locks: true }),
  keyTaken: statement('key-taken', `SELECT job_id FROM ${TABLES.idempotency} WHERE tenant = ? AND key = ?`),
} as const;

/**
 * Writes commits, one after another, on connections of a pool. A commit is one statement where it fits, so that one trip to
 * the server locks its jobs, compares, writes and makes it durable. When the answer is lost with the connection, what became
 * of it is read back before anybody is told.
 */
export class Committer {
  private readonly turns = new Turns();
  /** The fence under which this engine works; `null` where no engine asked for it. */
  fence: number | null = null;
  /** How events are written: with this engine's number, once it has one. */
  events: RowStatement = JOB_ROWS.event;
  private readonly statements = new CommitStatements();

  constructor(
    private readonly pool: Pool,
    private readonly applicationName: string,
    private readonly channels: Channels,
  ) {}

  commit(writes: readonly NumberedWrite[]): Promise<readonly number[]> {
    if (writes.length === 0) return Promise.resolve([]);
    // What is written is taken down now: later it may have moved on.
    const early = writes.some(({ jobNo }) => jobNo === null) ? null : this.encode(writes, []);
    return this.turns.take(() => this.commitInTurn(writes, early));
  }

  /** As `SharedStore.commitHeld`: from its reading to its end nobody else writes the job. */
  commitHeld(jobId: string, jobNo: number, afterSeq: number, decide: (since: readonly JobEvent[]) => JobWrite | null): Promise<void> {
    return this.turns.take(async () => {
      for (let tries = 1; ; tries += 1) {
        const held: Held = { client: null, isAsked: false, decided: null, broken: null };
        try {
          await withClient(this.pool, async (client) => {
            held.client = client;
            await inTransaction(client, async () => {
              const session = new ClientSession(client);
              if (!(await session.run(row(COMMIT_STATEMENTS.hold, jobNo)))) throw conflict(jobId, afterSeq);
              const since = await session.run(loadTail(jobNo, afterSeq));
              const batch = this.decideHeld(held, jobNo, () => decide(since));
              return batch !== null && ((await this.writeAll(client, batch)) || this.refuse(client, batch));
            });
          });
        } catch (error) {
          const { client, isAsked, decided } = held;
          if (!isConnectionLost(error) || client === null) throw storeError(error, 'write');
          // What was decided cannot be decided again: it stands, or is written as any other commit is.
          if (decided !== null) return await this.settleHeld(client, decided);
          // Where nothing comes of it nothing is to be undone, and nobody is asked again.
          if (!isAsked && tries < TRIES) continue;
          if (!isAsked) throw storeError(error, 'write');
        }
        if (held.broken !== null) throw held.broken.error;
        return;
      }
    });
  }

  /** What is to be written; nothing also where the decision breaks: that says nothing of the connection, and is told apart. */
  private decideHeld(held: Held, jobNo: number, decide: () => JobWrite | null): RowBatch | null {
    held.isAsked = true;
    try {
      const write = decide();
      if (write === null) return null;
      const writes = [{ write, jobNo }];
      const batch = this.encode(writes, []);
      held.decided = { writes, batch };
      return batch;
    } catch (error) {
      held.broken = { error };
      return null;
    }
  }

  private async settleHeld(lost: PoolClient, { writes, batch }: Decided): Promise<void> {
    if (!(await settle(this.pool, lost, this.applicationName, writes))) await this.commitInTurn(writes, batch);
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.turns.settled();
  }

  private async commitInTurn(writes: readonly NumberedWrite[], early: RowBatch | null): Promise<readonly number[]> {
    const batch = early ?? this.encode(writes, await this.newNumbers(writes.filter(({ jobNo }) => jobNo === null).length));
    for (let tries = 1; ; tries += 1) {
      try {
        const stands = await this.tryOnce(batch, writes);
        if (stands) return numbersOf(writes, batch);
      } catch (error) {
        if (isRace(error) && tries < TRIES) continue;
        throw error instanceof IdempotencyTakenError ? error : storeError(error, 'write');
      }
      if (tries >= TRIES)
        throw new TaskloomError(
          'STORE_UNAVAILABLE',
          'PostgreSQL could not write: the connection was lost, again and again; nothing was written.',
        );
    }
  }

  private async newNumbers(count: number): Promise<number[]> {
    try {
      return await withClient(this.pool, async (client) =>
        (await new ClientSession(client).run(rows<{ no: number }>(COMMIT_STATEMENTS.numbers, count))).map(({ no }) => no),
      );
    } catch (error) {
      throw storeError(error, 'write');
    }
  }

  /** Whether it stands; `false` where the connection was lost and it certainly does not. */
  private async tryOnce(batch: RowBatch, writes: readonly NumberedWrite[]): Promise<boolean> {
    let lost: PoolClient | null = null;
    try {
      await withClient(this.pool, async (client) => {
        lost = client;
        if (!(await this.send(client, batch))) await this.refuse(client, batch);
      });
      return true;
    } catch (error) {
      // Without a connection nothing was sent.
      if (lost !== null && isConnectionLost(error)) return settle(this.pool, lost, this.applicationName, writes);
      if (isUniqueViolation(error, TABLES.idempotency)) await this.refuseKey(batch, error);
      throw error;
    }
  }

  private encode(writes: readonly NumberedWrite[], numbers: readonly number[]): RowBatch {
    const batch = new RowBatch(
      numbers,
      noticesOf(
        this.applicationName,
        writes.map(({ write }) => write),
      ),
    );
    const writer = new JobWriter(batch, this.events);
    for (const { write, jobNo } of writes) runAtOnce(writer.write(write, jobNo));
    return batch.finish();
  }

  /** One statement, or a transaction of several. Whether the jobs were where they were expected. */
  private async send(client: PoolClient, batch: RowBatch): Promise<boolean> {
    const [first, ...more] = batch.chunks;
    if (more.length === 0 && batch.later.length === 0) return this.write(client, first!, batch);
    return inTransaction(client, () => this.writeAll(client, batch));
  }

  /** Within a transaction. Whether the jobs were where they were expected; nothing is written where not. */
  private async writeAll(client: PoolClient, batch: RowBatch): Promise<boolean> {
    const [first, ...more] = batch.chunks;
    if (!(await this.write(client, first!, batch))) return false;
    for (const chunk of more) await this.write(client, chunk, null);
    const session = new ClientSession(client);
    for (const { statement: later, params } of batch.later) await session.run(change(later, ...params));
    return true;
  }

  /** `batch` where the jobs are to be locked and compared. */
  private async write(client: PoolClient, chunk: Chunk, batch: RowBatch | null): Promise<boolean> {
    const kinds = chunk.rows();
    const values: (string | number)[] = [];
    const isFenced = batch !== null && this.fence !== null;
    if (isFenced) values.push(this.fence!);
    const expected = batch?.expected ?? [];
    if (expected.length > 0) {
      const array = (items: readonly number[]): string => `{${items.join(',')}}`;
      values.push(array(expected.map(({ no }) => no)), array(expected.map(({ lastSeq }) => lastSeq)), expected.length);
    }
    for (const kind of kinds) values.push(...kind.encode());
    values.push(isFenced ? this.channels.leader : this.channels.others, encodeArray(batch?.notices ?? [], 'text'));
    const shape = { isFenced, isAppending: expected.length > 0, rows: kinds.map(({ statement: kind }) => kind) };
    const { name, text } = this.statements.of(shape);
    const { rows: answers } = await client.query<{ ok: boolean }>({ name, text, values });
    return answers[0]!.ok;
  }

  /** Nothing was written: says why. */
  private async refuse(client: PoolClient, { expected }: RowBatch): Promise<never> {
    const session = new ClientSession(client);
    if (this.fence !== null) {
      const holder = await session.run(row<Holder>(LEASE_STATEMENTS.holder));
      if (holder?.fence !== this.fence) throw superseded(holder);
    }
    for (const { jobId, no, lastSeq } of expected) {
      const found = await session.run(row<{ last_seq: number }>(COMMIT_STATEMENTS.lastSeq, no));
      if (found?.last_seq === lastSeq) continue;
      throw conflict(jobId, lastSeq);
    }
    throw new TaskloomError('STORE_CONFLICT', 'A job of this commit was changed by another writer.');
  }

  private async refuseKey({ keys }: RowBatch, error: unknown): Promise<never> {
    for (const { tenant, key } of keys) {
      const taken = await withClient(this.pool, (client) =>
        new ClientSession(client).run(row<{ job_id: string }>(COMMIT_STATEMENTS.keyTaken, tenant, key)),
      );
      if (taken) throw new IdempotencyTakenError(key);
    }
    throw error;
  }
}

interface Decided {
  readonly writes: readonly NumberedWrite[];
  readonly batch: RowBatch;
}

/** How far one try came to go on with a held job. */
interface Held {
  client: PoolClient | null;
  isAsked: boolean;
  decided: Decided | null;
  /** What the decision broke with. */
  broken: { readonly error: unknown } | null;
}

function conflict(jobId: string, expectedSeq: number): TaskloomError {
  return new TaskloomError('STORE_CONFLICT', `Job ${jobId} is no longer at event ${expectedSeq}.`, { details: { jobId, expectedSeq } });
}

/** Whether `act` says that its changes are to stand; else they are undone. */
async function inTransaction(client: PoolClient, act: () => Promise<boolean>): Promise<boolean> {
  await client.query('BEGIN');
  try {
    const stands = await act();
    await client.query(stands ? 'COMMIT' : 'ROLLBACK');
    return stands;
  } catch (error) {
    if (!isConnectionLost(error)) await client.query('ROLLBACK');
    throw error;
  }
}

/** The numbers of the jobs, those of new ones as they were given out. */
function numbersOf(writes: readonly NumberedWrite[], { numbers }: RowBatch): number[] {
  let next = 0;
  return writes.map(({ jobNo }) => jobNo ?? numbers[next++]!);
}

interface Shape {
  readonly isFenced: boolean;
  readonly isAppending: boolean;
  readonly rows: Parameters<typeof commitText>[0]['rows'];
}

/** The statement of a shape, always under the same name: the server keeps its plan. Names hold for the connections of one store. */
class CommitStatements {
  private readonly texts = new Map<string, { readonly name: string; readonly text: string }>();

  of(shape: Shape): { readonly name: string; readonly text: string } {
    const key = `${String(shape.isFenced)} ${String(shape.isAppending)} ${shape.rows.map(({ name }) => name).join(' ')}`;
    let known = this.texts.get(key);
    if (!known) this.texts.set(key, (known = { name: `taskloom-commit-${this.texts.size + 1}`, text: commitText(shape) }));
    return known;
  }
}
