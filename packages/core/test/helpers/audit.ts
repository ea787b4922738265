import { existsSync } from 'node:fs';

import { restoreJob } from '../../src/ledger/job-cache.js';
import { runAtOnce } from '../../src/kernel/steps.js';
import type { Costs } from '../../src/machine/costs.js';
import { evolve } from '../../src/machine/evolve.js';
import { createJobState, modeOf, wakeAt, type JobState, type TaskState } from '../../src/machine/job-state.js';
import { satisfactionBy } from '../../src/machine/satisfaction.js';
import type { JobEvent } from '../../src/model/event.js';
import { progressOf, wholePercent } from '../../src/graph/progress.js';
import { isTerminalJob } from '../../src/model/job.js';
import { isTerminalTask } from '../../src/model/task.js';
import type { StoredJob, TaskRow } from '../../src/ports/store.js';
import { decodeEvent, type EventRow } from '../../src/store/codec/event-codec.js';
import { loadJob, type LoadedJob } from '../../src/store/operations/load-jobs.js';
import { readOutputs, type TaskPlace } from '../../src/store/operations/read-attempt.js';
import { rows, type Session } from '../../src/store/sql/operation.js';
import { statement } from '../../src/store/sql/statement.js';
import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';
import { SqliteSession } from '../../src/store/sqlite/sqlite-session.js';
import { TABLES } from '../../src/store/tables/table-names.js';

/** Statuses, and reasons of them, with which a task may have an output: it counts, waits for its judgement, or did so once. */
export interface AuditReport {
  readonly jobs: number;
  readonly tasks: number;
  readonly events: number;
  /** Ids of jobs by where they stand. */
  readonly open: readonly string[];
  readonly ended: readonly string[];
}

/** A database as an auditor reads it: beside whoever uses it, and as it is at one moment. */
export interface Evidence {
  readonly name: string;
  readonly session: Session;
  /** What the database itself finds wrong. */
  readonly damages: readonly string[];
  close(): Promise<void>;
}

/**
 * Reads a database beside whoever uses it and checks everything that must always hold of it:
 *
 * - the database finds itself sound;
 * - the events of each job are numbered 1, 2, 3 … up to the job's `last_seq`, and time does not matter for their order;
 * - every event is a legal move, and no task started before its dependencies, or those of a task above it, allowed it;
 * - fences only grow, and every attempt that ended had started;
 * - the rows equal the fold of the log, also in what is derived from them;
 * - an ended job has no open task, an open job can move or waits for something outside;
 * - the job's row tells how far its tasks are, each by its weight;
 * - an event that names an engine names one that is there;
 * - what tasks and their job have spent is the sum of what the events tell;
 * - what a completed task put out can be read;
 * - keys of idempotency name jobs that exist.
 *
 * @throws Error with every violation
 */
export async function audit({ name, session, damages }: Evidence): Promise<AuditReport> {
  const report = { jobs: 0, tasks: 0, events: 0, open: [] as string[], ended: [] as string[] };
  const violations = [...damages];
  for (const { id } of await session.run(rows<{ id: string }>(AUDIT_STATEMENTS.jobs))) {
    const job = new JobAudit(session, (await session.run(loadJob(id)))!);
    violations.push(...(await job.run()).map((violation) => `job ${id}: ${violation}`));
    report.jobs += 1;
    report.tasks += job.tasks;
    report.events += job.events;
    (job.isOpen ? report.open : report.ended).push(id);
  }
  for (const { key, job_id: jobId } of await session.run(rows<{ key: string; job_id: string }>(AUDIT_STATEMENTS.strayKeys)))
    violations.push(`the idempotency key ${key} names the job ${jobId}, which is not there`);
  if (violations.length > 0)
    throw new Error(
      `the audit of ${name} found:\n  ${violations.slice(0, 30).join('\n  ')}${violations.length > 30 ? `\n  … and ${violations.length - 30} more` : ''}`,
    );
  return report;
}

/** Audits a SQLite file. @throws Error with every violation */
export async function auditDatabase(path: string): Promise<AuditReport> {
  const evidence = await openFile(path);
  if (!evidence) return { jobs: 0, tasks: 0, events: 0, open: [], ended: [] };
  try {
    return await audit(evidence);
  } finally {
    await evidence.close();
  }
}

/** Every job of a database file as it is stored. */
export async function readJobs(path: string): Promise<readonly StoredJob[]> {
  const evidence = await openFile(path);
  if (!evidence) return [];
  try {
    return await jobsIn(evidence);
  } finally {
    await evidence.close();
  }
}

export async function jobsIn({ session }: Evidence): Promise<readonly StoredJob[]> {
  const jobs: StoredJob[] = [];
  for (const { id } of await session.run(rows<{ id: string }>(AUDIT_STATEMENTS.jobs))) jobs.push((await session.run(loadJob(id)))!.job);
  return jobs;
}

/** `null` where there is no file, or no table in it yet. */
async function openFile(path: string): Promise<Evidence | null> {
  if (!existsSync(path)) return null;
  const driver = await loadSqliteDriver();
  const database = new driver(path, { readonly: true, timeout: 5_000 });
  const hasTables = database.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`).get(TABLES.job) !== undefined;
  if (!hasTables) {
    database.close();
    return null;
  }
  const [{ integrity_check: integrity }] = database.pragma('integrity_check') as [{ integrity_check: string }];
  // One transaction, so that a database in use is seen at one moment.
  database.exec('BEGIN');
  return {
    name: path,
    session: new SqliteSession(database),
    damages: integrity === 'ok' ? [] : [`SQLite says of ${path}: ${integrity}`],
    close: async () => {
      database.close();
    },
  };
}

const AUDIT_STATEMENTS = {
  jobs: statement('audit-jobs', `SELECT id FROM ${TABLES.job} ORDER BY no`),
  strayKeys: statement(
    'audit-stray-keys',
    `SELECT key, job_id FROM ${TABLES.idempotency} WHERE job_id NOT IN (SELECT id FROM ${TABLES.job})`,
  ),
  events: statement('audit-events', `SELECT seq, type, task, at, actor, data, body FROM ${TABLES.event} WHERE job_no = ? ORDER BY seq`),
  strangers: statement(
    'audit-strangers',
    `SELECT seq FROM ${TABLES.event} WHERE job_no = ? AND engine IS NOT NULL AND engine NOT IN (SELECT no FROM ${TABLES.engine}) ORDER BY seq`,
  ),
  closedRequests: statement(
    'audit-closed-requests',
    `SELECT no, task, closed_at, closed_seq FROM ${TABLES.request} WHERE job_no = ? AND status <> 0`,
  ),
} as const;

interface ClosedRequest {
  readonly no: number;
  readonly task: number;
  readonly closed_at: number | null;
  readonly closed_seq: number | null;
}

class JobAudit {
  private readonly violations: string[] = [];
  private readonly no: number;
  private readonly stored: StoredJob;
  events = 0;

  constructor(
    private readonly session: Session,
    { no, job }: LoadedJob,
  ) {
    this.no = no;
    this.stored = job;
  }

  get tasks(): number {
    return this.stored.tasks.length;
  }

  get isOpen(): boolean {
    return !isTerminalJob(this.stored.row.status);
  }

  async run(): Promise<string[]> {
    const folded = await this.fold();
    if (folded) await this.compare(folded, runAtOnce(restoreJob(this.stored)));
    this.checkEnds();
    await this.checkOutputs();
    return this.violations;
  }

  // ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────

  private async fold(): Promise<JobState | null> {
    const log = await this.session.run(rows<EventRow>(AUDIT_STATEMENTS.events, this.no));
    this.events = log.length;
    const gap = log.findIndex(({ seq }, index) => seq !== index + 1);
    if (gap >= 0) this.violations.push(`event ${gap + 1} is missing, ${log[gap]!.seq} stands in its place`);
    if (log.length !== this.stored.row.lastSeq)
      this.violations.push(`it has ${log.length} events and says it has ${this.stored.row.lastSeq}`);
    for (const { seq } of await this.session.run(rows<{ seq: number }>(AUDIT_STATEMENTS.strangers, this.no)))
      this.violations.push(`event ${seq} names an engine that is not there`);
    const specs = this.stored.tasks.map(({ spec }) => spec);
    const state = createJobState(this.stored.spec);
    for (const row of log) {
      try {
        const event = decodeEvent(row, specs);
        this.checkEvent(state, event, row.seq);
        evolve(state, event);
        state.agenda.length = 0;
        state.becameReady.length = 0;
      } catch (error) {
        this.violations.push(`event ${row.seq} cannot be applied: ${(error as Error).message}`);
        return null;
      }
    }
    return state;
  }

  private checkEvent(state: JobState, event: JobEvent, seq: number): void {
    if (isTerminalJob(state.status) && event.type !== 'JOB_REOPENED')
      this.violations.push(`event ${seq} (${event.type}) comes after the job had ended`);
    if (event.type === 'TASK_STARTED') this.checkStart(state, event, seq);
    if (event.type === 'HUMAN_ANSWERED' || event.type === 'HUMAN_EXPIRED') {
      const request = state.requests.get(event.request);
      if (request?.task !== event.task || request.name !== event.name)
        this.violations.push(`event ${seq} (${event.type}) closes the question ${event.request} ("${event.name}"), which is not open`);
    }
    if (event.type === 'TASK_COMPLETED' || event.type === 'TASK_FAILED' || event.type === 'TASK_RETRY_SCHEDULED') {
      const task = state.tasks[event.task]!;
      if (task.status !== 'IN_PROGRESS' && event.actor === 'agent' && !('recovered' in event))
        this.violations.push(`event ${seq} (${event.type}) ends an attempt of "${task.key}", which is ${task.status}`);
      if (task.attempt !== event.attempt)
        this.violations.push(
          `event ${seq} (${event.type}) is of attempt ${event.attempt} of "${task.key}", while attempt ${task.attempt} runs`,
        );
    }
  }

  private checkStart(state: JobState, { task: no, fence }: Extract<JobEvent, { type: 'TASK_STARTED' }>, seq: number): void {
    const task = state.tasks[no]!;
    if (task.status !== 'READY') this.violations.push(`event ${seq} starts "${task.key}", which is ${task.status}`);
    if (fence <= task.fence) this.violations.push(`event ${seq} starts "${task.key}" with the fence ${fence} after ${task.fence}`);
    for (let above: TaskState | null = task; above; above = above.parent === null ? null : state.tasks[above.parent]!) {
      above.dependencies.forEach((on, index) => {
        const source = state.tasks[on]!;
        if (satisfactionBy(modeOf(above, index), source, above) !== 'satisfied')
          this.violations.push(
            `event ${seq} starts "${task.key}" although "${source.key}", which ${above === task ? 'it' : `"${above.key}" above it`} depends on (${modeOf(above, index)}), is ${source.status}`,
          );
      });
    }
    // What is delivered below the objective is no part of its work: a second run of it does not wait for that.
    const openChildren = task.children.filter((child) => {
      const { status, origin } = state.tasks[child]!;
      return !isTerminalTask(status) && origin !== 'need' && (origin !== 'delivery' || task.fence === 0);
    });
    if (openChildren.length > 0) this.violations.push(`event ${seq} starts "${task.key}" before the tasks below it have ended`);
  }

  // ── rows and log ──────────────────────────────────────────────────────────────────────────────────────────────

  private async compare(folded: JobState, stored: JobState): Promise<void> {
    for (const field of JOB_FIELDS) this.same('the job', field, folded[field], stored[field]);
    this.same('the job', 'counts', [...folded.counts].join(), Array.from(this.stored.row.counts).join());
    this.same('the job', 'the counts of its tasks', [...folded.counts].join(), [...stored.counts].join());
    this.same('the job', 'tasks', folded.tasks.length, stored.tasks.length);
    for (const [no, ours] of folded.tasks.entries()) {
      const theirs = stored.tasks[no];
      if (!theirs) continue;
      for (const field of Object.keys(this.stored.tasks[no]!.row) as (keyof TaskRow)[])
        this.same(`"${ours.key}"`, field, JSON.stringify(ours[field]), JSON.stringify(theirs[field]));
      if (isTerminalTask(ours.status)) continue;
      for (const field of DERIVED_FIELDS) this.same(`"${ours.key}"`, field, ours[field], theirs[field]);
      if (ours.reason === 'WAITING_DEPENDENCIES' || ours.reason === 'WAITING_HUMAN')
        this.same(`"${ours.key}"`, 'awaited', ours.awaited, theirs.awaited);
    }
    this.compareWork();
    this.compareCosts(folded.costs, stored.costs);
    await this.compareRequests(folded, stored);
    const wake = wakeAt(folded);
    const delayed = folded.tasks.filter((task) => task.status === 'READY' && task.availableAt > folded.lastAt);
    if (delayed.length > 0 && this.stored.row.wakeAt === null)
      this.violations.push(`"${delayed[0]!.key}" waits until ${delayed[0]!.availableAt} and nothing wakes the job`);
    if (wake !== null && this.stored.row.wakeAt !== null && this.stored.row.wakeAt > wake)
      this.violations.push(`it is woken at ${this.stored.row.wakeAt}, which is after ${wake}`);
  }

  private compareWork(): void {
    const { row, tasks } = this.stored;
    const whole = progressOf(
      tasks.map(({ spec: { no, parent, agent, weight = 1 }, row: { status, reason, progress } }) => ({
        no,
        parent,
        agent,
        weight,
        status,
        statusReason: reason,
        progress,
      })),
    ).get(0)!;
    const { done, total } = row.work ?? { done: Number.NaN, total: Number.NaN };
    // Sums of weights with decimals depend on their order.
    if (!(Math.abs(total - whole.weight) <= 1e-6 * whole.weight))
      this.violations.push(`its tasks weigh ${total} by its row and ${whole.weight} one by one`);
    const percent = isTerminalTask(tasks[0]!.row.status) ? 100 : total > 0 ? wholePercent(done / total) : 0;
    if (percent !== whole.percent) this.violations.push(`it is at ${percent} % by its row and at ${whole.percent} % by its tasks`);
  }

  private compareCosts(folded: Costs | null, stored: Costs | null): void {
    for (const task of new Set([...(folded?.keys() ?? []), ...(stored?.keys() ?? [])]))
      this.same(`the task ${task}`, 'the cost', costText(folded?.get(task)), costText(stored?.get(task)));
  }

  /** Open questions as they are stored, and closed ones with the event that closed them. */
  private async compareRequests(folded: JobState, stored: JobState): Promise<void> {
    this.same('the job', 'the questions made', folded.requestCount, stored.requestCount);
    const inOrder = (state: JobState): string =>
      JSON.stringify(
        [...state.requests.values()].sort((a, b) => a.request - b.request),
        SORTED,
      );
    this.same('the job', 'the open questions', inOrder(folded), inOrder(stored));
    const closed = await this.session.run(rows<ClosedRequest>(AUDIT_STATEMENTS.closedRequests, this.no));
    for (const { no, closed_seq: seq, closed_at: at } of closed)
      if (seq === null || at === null || folded.requests.has(no))
        this.violations.push(`the question ${no} is closed, and no event closed it`);
    this.same('the job', 'the closed questions', folded.requestCount - folded.requests.size, closed.length);
    if (!this.isOpen && stored.requests.size > 0) this.violations.push(`it is ${this.stored.row.status} and has an open question`);
    for (const { request, task } of stored.requests.values())
      if (isTerminalTask(stored.tasks[task]!.status))
        this.violations.push(`the question ${request} is open and its task "${stored.tasks[task]!.key}" is ${stored.tasks[task]!.status}`);
  }

  private same(whose: string, what: string, folded: unknown, row: unknown): void {
    if (!Object.is(folded, row)) this.violations.push(`${what} of ${whose} is ${String(row)} in its row and ${String(folded)} by its log`);
  }

  // ── ends ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private checkEnds(): void {
    const open = this.stored.tasks.filter(({ row }) => !isTerminalTask(row.status));
    if (!this.isOpen && open.length > 0)
      this.violations.push(`it is ${this.stored.row.status} and "${open[0]!.spec.key}" is ${open[0]!.row.status}`);
    if (!this.isOpen && this.stored.row.finishedAt === 0)
      this.violations.push(`it is ${this.stored.row.status} and has no time of its end`);
    // Before it is confirmed, or before its time, nothing has to.
    const hasBegun = this.stored.row.begun && this.stored.row.status !== 'AWAITING_CONFIRMATION';
    const canMove =
      !hasBegun || open.some(({ row }) => row.status === 'READY' || row.status === 'IN_PROGRESS' || OUTSIDE.has(row.reason ?? ''));
    if (this.isOpen && !canMove) this.violations.push(`it is ${this.stored.row.status} and nothing in it can move`);
    for (const { spec, row } of this.stored.tasks) {
      if (isTerminalTask(row.status) && row.finishedAt === 0 && row.reason !== 'SUPERSEDED')
        this.violations.push(`"${spec.key}" is ${row.status} and has no time of its end`);
      if (row.status === 'IN_PROGRESS' && row.attempt < 1) this.violations.push(`"${spec.key}" runs without an attempt`);
    }
  }

  private async checkOutputs(): Promise<void> {
    const texts = await this.session.run(readOutputs(this.stored.tasks.map(({ spec }): TaskPlace => [this.no, spec.no])));
    for (const [index, { spec, row }] of this.stored.tasks.entries()) {
      if (row.output.kind === 'none') continue;
      const text = texts[index];
      // What was returned is kept while it is judged or waits for what is below it.
      const isKept = row.reason === 'SUPERSEDED' || row.reason === 'WAITING_REVIEW' || row.reason === 'WAITING_CHILDREN';
      if (row.status !== 'COMPLETED' && row.status !== 'ACCEPTED' && !isKept)
        this.violations.push(`"${spec.key}" is ${row.status} and has an output`);
      try {
        JSON.parse(text ?? 'nothing');
      } catch {
        this.violations.push(`the output of "${spec.key}" cannot be read: ${String(text).slice(0, 80)}`);
      }
    }
  }
}

function costText(amounts: ReadonlyMap<string, number> | undefined): string {
  return JSON.stringify([...(amounts ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const OUTSIDE: ReadonlySet<string> = new Set(['AGENT_UNAVAILABLE', 'MANUAL', 'WAITING_HUMAN', 'WAITING_REVIEW', 'WAITING_TIMER']);

const SORTED = ['request', 'task', 'kind', 'name', 'deadline', 'onTimeout', 'hash', 'holdsJob'];

const JOB_FIELDS = ['status', 'success', 'generation', 'lastSeq', 'startedAt', 'finishedAt', 'noteSeq', 'addedTasks', 'edges'] as const;

const DERIVED_FIELDS = ['openDependencies', 'openChildren', 'gateOpen'] as const;
