import type { SelectQueryBuilder } from 'typeorm';

import { TaskloomError } from '../../errors/taskloom-error.js';
import { parseTaskId, taskIdOf } from '../../kernel/ids.js';
import { inMessage } from '../../kernel/in-message.js';
import { byteLength, type Json } from '../../kernel/json.js';
import type { EventView } from '../../model/event.js';
import type { Cost } from '../../model/cost.js';
import { isTerminalJob, JOB_STATUSES, type JobStatus } from '../../model/job.js';
import { TASK_STATUSES, TASK_TYPES, type TaskStatus } from '../../model/task.js';
import type {
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobPageRequest,
  JobView,
  Page,
  PageRequest,
  PayloadView,
  TaskFilter,
  TaskPageRequest,
  TaskView,
} from '../../model/views.js';
import type { CountFilter, EngineReader, ExpiredJob, OpenWork, TaskAddress } from '../../ports/reader.js';
import type { ShownEventRow } from '../codec/event-codec.js';
import { decodeDependencies } from '../codec/spec-codec.js';
import { foldText } from '../codec/fold-text.js';
import type { Database } from '../sql/database.js';
import { each, rows, type Operation, type Reads } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';
import { readOutputs, readSpecs, type TaskPlace } from './read-attempt.js';
import { jobOfRequestCursor, RequestReader } from './read-requests.js';
import { expiredJob } from './delete-jobs.js';
import { KnownEngines } from './engines.js';
import { firstEvents, jobNumbers, MAX_EVENTS, readEvents, readHistory, withSetEvents } from './read-events.js';
import { cursorOf, JOB_KEYSETS, jobOfCursor, paged, TASK_KEYSETS } from './keyset.js';
import { checkPage, encodeCursor, invalidCursor, toPage } from './page.js';
import { jobCounts, openWork, taskCounts } from './read-counts.js';
import { costsAt, jobCostsOf } from './task-costs.js';
import { toJobView, toTaskView, type JobViewRow, type TaskViewRow } from './view-rows.js';

const MAX_ADDRESSES = 1_000;

/** Where the job and the parent of a filter stand; -1 for what is not there. */
interface Places {
  readonly job: number;
  readonly parent: TaskPlace;
}

const JOB_COLUMNS =
  'j.no, j.id, j.tenant, j.status, j.success, j.generation, j.last_seq, j.started_at, j.finished_at, j.counts, j.work_done, j.work_total, s.name, s.workflow, s.priority, s.max_parallel, s.strategy, s.run_at, s.deadline, s.metadata, s.created_at, n.data AS note';
const TASK_JOINS = `JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no JOIN ${TABLES.job} j ON j.no = s.job_no LEFT JOIN ${TABLES.event} n ON n.job_no = t.job_no AND n.seq = t.note_seq LEFT JOIN ${TABLES.taskSpec} c ON c.job_no = t.job_no AND c.no = t.caused_by`;
const TASK_COLUMNS = 's.*, t.*, j.id AS job_id, n.data AS note, c.key AS cause_key';

export const VIEW_STATEMENTS = {
  job: lookup('view-job', {
    select: JOB_COLUMNS,
    from: `${TABLES.job} j JOIN ${TABLES.jobSpec} s ON s.job_no = j.no LEFT JOIN ${TABLES.event} n ON n.job_no = j.no AND n.seq = j.note_seq`,
    by: { 'j.id': 'text' },
  }),
  task: lookup('view-task', {
    select: TASK_COLUMNS,
    from: `${TABLES.taskSpec} s ${TASK_JOINS}`,
    by: { 's.job_no': 'long', 's.no': 'integer' },
  }),
  children: lookup('view-children', {
    select: 's.no',
    from: `${TABLES.taskSpec} s`,
    by: { 's.job_no': 'long', 's.parent': 'integer' },
    order: 's.no',
    isLimited: true,
  }),
  dependencies: statement(
    'view-dependencies',
    `SELECT no, dependencies FROM ${TABLES.taskSpec} WHERE job_no = ? AND dependencies IS NOT NULL ORDER BY no`,
  ),
  jobInput: lookup('view-job-input', {
    select: 'data',
    from: TABLES.payload,
    by: { job_no: 'long' },
    where: `kind = ${PAYLOAD_KINDS.jobInput} AND n = 0`,
  }),
} as const;

type Query = SelectQueryBuilder<object>;

/** Committed state for the API. Lists are composed with TypeORM's query builder, look-ups by key are prepared. */
export class ViewReader implements EngineReader {
  /** The engines that events name. */
  readonly engines = new KnownEngines();
  private readonly requests: RequestReader;
  private readonly reads: Reads;

  constructor(private readonly database: Database) {
    this.requests = new RequestReader(database);
    this.reads = database.forPeople;
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async job(id: string): Promise<JobView | null> {
    return (await this.jobsAt([id]))[0]!;
  }

  async jobsAt(ids: readonly string[]): Promise<readonly (JobView | null)[]> {
    checkAddresses(ids);
    const found = await this.reads.read(() =>
      each<JobViewRow>(
        VIEW_STATEMENTS.job,
        ids.map((id) => [id]),
      ),
    );
    return found.map(([job]) => (job ? toJobView(job) : null));
  }

  async jobs(filter: JobFilter, { order = 'NEWEST', ...page }: JobPageRequest): Promise<Page<JobView>> {
    checkPage(page);
    const keyset = JOB_KEYSETS[order];
    const found = await this.database.list<JobViewRow>((query) =>
      paged(
        this.fromJobs(query, filter).select(JOB_COLUMNS).leftJoin(TABLES.event, 'n', 'n.job_no = j.no AND n.seq = j.note_seq'),
        keyset,
        page,
      ),
    );
    return toPage(found, page.first, toJobView, (job) => cursorOf(keyset, job));
  }

  jobCounts({ tenant }: CountFilter): Promise<Readonly<Record<JobStatus, number>>> {
    return this.reads.read(() => jobCounts(tenant ?? null));
  }

  countJobs(filter: JobFilter): Promise<number> {
    return this.count((query) => this.fromJobs(query, filter));
  }

  private fromJobs(query: Query, filter: JobFilter): Query {
    query.from(TABLES.job, 'j').innerJoin(TABLES.jobSpec, 's', 's.job_no = j.no');
    if (filter.status) query.andWhere('j.status IN (:...status)', { status: indexes(filter.status, JOB_STATUSES) });
    this.whereText(query, 's.workflow', filter.workflow);
    this.whereText(query, 's.name', filter.name);
    this.whereText(query, 'j.tenant', filter.tenant);
    whereOpen(query, filter.isOpen);
    if (filter.createdAfter !== undefined) query.andWhere('s.created_at > CAST(:after AS bigint)', { after: filter.createdAfter });
    if (filter.createdBefore !== undefined) query.andWhere('s.created_at < CAST(:before AS bigint)', { before: filter.createdBefore });
    return query;
  }

  /** Where a column of texts has the wanted one; `undefined` wants nothing. */
  private whereText(query: Query, column: string, wanted: string | undefined): void {
    const name = column.replace('.', '_');
    if (wanted !== undefined) query.andWhere(`${column} = :${name}`, { [name]: this.database.dialect.param(wanted) });
  }

  private async count(from: (query: Query) => Query): Promise<number> {
    const [found] = await this.database.list<{ count: number | string }>((query) => from(query).select('COUNT(*)', 'count'));
    return Number(found?.count ?? 0);
  }

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────

  async task(id: string): Promise<TaskView | null> {
    const address = parseTaskId(id);
    return address ? (await this.tasksAt([address]))[0]! : null;
  }

  async tasksAt(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]> {
    checkAddresses(addresses);
    return this.reads.read(() =>
      atPlaces(addresses, function* (places) {
        return (yield* each<TaskViewRow>(VIEW_STATEMENTS.task, places)).map(([task]) => (task ? toTaskView(task) : null));
      }),
    );
  }

  async tasks(filter: TaskFilter, { order = 'PLACE', ...page }: TaskPageRequest): Promise<Page<TaskView>> {
    checkPage(page);
    const keyset = TASK_KEYSETS[order];
    const within = await this.placesOf(filter);
    if (page.after !== undefined) {
      const [job, jobId] =
        filter.jobId === undefined ? [within.parent[0], parseTaskId(filter.parentId ?? '')?.jobId] : [within.job, filter.jobId];
      if (jobId !== undefined && job !== jobOfCursor(keyset, page.after))
        await this.refuseCursorOfAnother(page.after, job, jobId, filter.tenant);
    }
    const found = await this.database.list<TaskViewRow>((query) =>
      paged(
        this.fromTasks(query, filter, within)
          .select(TASK_COLUMNS)
          .leftJoin(TABLES.event, 'n', 'n.job_no = t.job_no AND n.seq = t.note_seq')
          .leftJoin(TABLES.taskSpec, 'c', 'c.job_no = t.job_no AND c.no = t.caused_by'),
        keyset,
        page,
      ),
    );
    return toPage(found, page.first, toTaskView, (task) => cursorOf(keyset, task));
  }

  /**
   * In the list of one job's tasks a cursor of another job's would begin anywhere, or nowhere. Of a job that is none of the
   * tenant's nothing is said: its list is empty, as that of a job that never was (`job` is -1).
   */
  private async refuseCursorOfAnother(cursor: string, job: number, jobId: string, tenant: string | undefined): Promise<void> {
    const view = job < 0 ? null : await this.job(jobId);
    if (view && (tenant === undefined || view.tenant === tenant)) throw invalidCursor(cursor);
  }

  async childrenOf(parents: readonly TaskAddress[], first: number): Promise<readonly Page<TaskView>[]> {
    checkAddresses(parents);
    checkPage({ first });
    const pages = await this.reads.read(() => childrenOf(parents, first));
    return pages.map((found) => toPage(found, first, toTaskView, ({ job_no, no }) => encodeCursor(TASK_KEYSETS.PLACE.kind, [job_no, no])));
  }

  taskCounts({ tenant }: CountFilter): Promise<Readonly<Record<TaskStatus, number>>> {
    return this.reads.read(() => taskCounts(tenant ?? null));
  }

  async countTasks(filter: TaskFilter): Promise<number> {
    const within = await this.placesOf(filter);
    return this.count((query) => this.fromTasks(query, filter, within));
  }

  /** The numbers of the job and of the parent that a filter names; -1 for what is not there. */
  private async placesOf({ jobId, parentId }: TaskFilter): Promise<Places> {
    const parent = parentId === undefined ? null : parseTaskId(parentId);
    const ids = [jobId, parent?.jobId].filter((id) => id !== undefined);
    const numbers = ids.length === 0 ? new Map<string, number>() : await this.reads.read(() => jobNumbers(ids));
    const numberOf = (id: string | undefined): number => (id === undefined ? -1 : (numbers.get(id) ?? -1));
    return { job: numberOf(jobId), parent: [numberOf(parent?.jobId), parent?.no ?? -1] };
  }

  private fromTasks(query: Query, filter: TaskFilter, { job, parent }: Places): Query {
    const { dialect } = this.database;
    query
      .from(TABLES.taskSpec, 's')
      .innerJoin(TABLES.task, 't', 't.job_no = s.job_no AND t.no = s.no')
      .innerJoin(TABLES.job, 'j', 'j.no = s.job_no');
    if (filter.jobId !== undefined) query.andWhere('s.job_no = :job', { job });
    if (filter.status) query.andWhere('t.status IN (:...status)', { status: indexes(filter.status, TASK_STATUSES) });
    if (filter.type) query.andWhere('s.type IN (:...type)', { type: indexes(filter.type, TASK_TYPES) });
    this.whereText(query, 's.agent', filter.agent);
    this.whereText(query, 's.kind', filter.kind);
    this.whereText(query, 's.assignee', filter.assignee);
    if (filter.parentId !== undefined)
      query.andWhere('s.job_no = :parentJob AND s.parent = :parentNo', { parentJob: parent[0], parentNo: parent[1] });
    this.whereText(query, 'j.tenant', filter.tenant);
    whereOpen(query, filter.ofOpenJobs);
    if (filter.text !== undefined) query.andWhere(dialect.contains('s'), { text: dialect.param(foldText(filter.text)) });
    return query;
  }

  async dependentsOf(addresses: readonly TaskAddress[]): Promise<readonly (readonly number[])[]> {
    checkAddresses(addresses);
    return this.reads.read(() => dependentsOf(addresses));
  }

  // ── questions to people ─────────────────────────────────────────────────────────────────────────────────────

  humanRequest(id: string): Promise<HumanRequestView | null> {
    return this.requests.request(id);
  }

  async humanRequests(filter: HumanRequestFilter, page: PageRequest): Promise<Page<HumanRequestView>> {
    const { jobId, tenant } = filter;
    if (page.after !== undefined && jobId !== undefined) {
      const { job } = await this.placesOf({ jobId });
      if (job !== jobOfRequestCursor(page.after)) await this.refuseCursorOfAnother(page.after, job, jobId, tenant);
    }
    return this.requests.requests(filter, page);
  }

  // ── payloads ────────────────────────────────────────────────────────────────────────────────────────────────

  async taskInputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    checkAddresses(addresses);
    const specs = await this.reads.read(() => atPlaces(addresses, readSpecs));
    return specs.map((spec) => spec && toPayload(JSON.stringify(spec.input.value), maxBytes));
  }

  async taskOutputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    checkAddresses(addresses);
    const texts = await this.reads.read(() => atPlaces(addresses, readOutputs));
    return texts.map((text) => (text === null ? null : toPayload(text, maxBytes)));
  }

  async jobInput(id: string, maxBytes: number): Promise<PayloadView | null> {
    return (await this.jobInputs([id], maxBytes))[0]!;
  }

  async jobInputs(ids: readonly string[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    checkAddresses(ids);
    const objectives = ids.map((jobId): TaskAddress => ({ jobId, no: 0 }));
    const found = await this.reads.read(() =>
      atPlaces(objectives, function* (places) {
        const jobs = yield* each<{ data: string }>(
          VIEW_STATEMENTS.jobInput,
          places.map(([jobNo]) => [jobNo]),
        );
        return jobs.map(([input]) => input?.data ?? null);
      }),
    );
    return found.map((text) => (text === null ? null : toPayload(text, maxBytes)));
  }

  async jobOutput(id: string, maxBytes: number): Promise<PayloadView | null> {
    return (await this.taskOutputs([{ jobId: id, no: 0 }], maxBytes))[0] ?? null;
  }

  // ── progress and costs ──────────────────────────────────────────────────────────────────────────────────────────────────

  openWork(): Promise<OpenWork> {
    return this.reads.read(openWork);
  }

  async taskCosts(addresses: readonly TaskAddress[]): Promise<readonly Cost[]> {
    checkAddresses(addresses);
    return this.reads.read(() => costsAt(addresses));
  }

  async jobCosts(ids: readonly string[]): Promise<readonly Cost[]> {
    checkAddresses(ids);
    return this.reads.read(() => jobCostsOf(ids));
  }

  // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

  async events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]> {
    checkEventCount(first);
    if (!Number.isSafeInteger(afterSeq) || afterSeq < 0)
      throw new TaskloomError('CURSOR_INVALID', `\`afterSeq\` is ${inMessage(afterSeq)}; it must be a whole number from 0.`);
    return this.reads.read(() => readEvents(this.engines, jobId, afterSeq, first));
  }

  expiredJob(id: string): Promise<ExpiredJob | null> {
    return this.reads.read(() => expiredJob(id));
  }

  async taskHistory({ jobId, no }: TaskAddress): Promise<readonly EventView[]> {
    return this.reads.read(() => readHistory(this.engines, jobId, no));
  }

  async taskHistories(addresses: readonly TaskAddress[], first: number): Promise<readonly (readonly EventView[])[]> {
    checkAddresses(addresses);
    checkEventCount(first);
    const asked = new Map<string, Set<number>>();
    for (const { jobId, no } of addresses) asked.set(jobId, (asked.get(jobId) ?? new Set()).add(no));
    const found = new Map<string, EventView[]>();
    for (const [jobId, jobNo] of await this.reads.read(() => jobNumbers([...asked.keys()]))) {
      // The log is read once for all tasks of a job: it has no index by task.
      const events = await this.database.list<ShownEventRow>((query) => firstEvents(query, jobNo, [...asked.get(jobId)!], first));
      const histories = await this.reads.read(() => withSetEvents(this.engines, { jobId, jobNo }, events, asked.get(jobId)!, first));
      for (const [no, history] of histories) found.set(taskIdOf(jobId, no), history);
    }
    return addresses.map(({ jobId, no }) => found.get(taskIdOf(jobId, no)) ?? []);
  }
}

/** Of jobs that have not ended, or of those that have. */
function whereOpen(query: Query, isOpen: boolean | undefined): void {
  if (isOpen === undefined) return;
  const wanted = JOB_STATUSES.filter((status) => isTerminalJob(status) !== isOpen);
  query.andWhere('j.status IN (:...openness)', { openness: indexes(wanted, JOB_STATUSES) });
}

/** What is read of tasks, in the order asked for; `null` for tasks of jobs that are not there. */
function* atPlaces<T>(
  addresses: readonly TaskAddress[],
  read: (places: readonly TaskPlace[]) => Operation<(T | null)[]>,
): Operation<(T | null)[]> {
  const numbers = yield* jobNumbers([...new Set(addresses.map(({ jobId }) => jobId))]);
  const known = addresses.filter(({ jobId }) => numbers.has(jobId));
  const found = yield* read(known.map(({ jobId, no }): TaskPlace => [numbers.get(jobId)!, no]));
  let next = 0;
  return addresses.map(({ jobId }) => (numbers.has(jobId) ? found[next++]! : null));
}

/** Of each task, the rows of those below it: at most one more than a page has. */
function* childrenOf(parents: readonly TaskAddress[], first: number): Operation<TaskViewRow[][]> {
  const pages = yield* atPlaces(parents, function* (places) {
    const found = yield* each<{ no: number }>(
      VIEW_STATEMENTS.children,
      places.map((place) => [...place, first + 1]),
    );
    const below = found.flatMap((children, index) => children.map(({ no }): TaskPlace => [places[index]![0], no]));
    const tasks = yield* each<TaskViewRow>(VIEW_STATEMENTS.task, below);
    let next = 0;
    return found.map((children) => tasks.slice(next, (next += children.length)).flat());
  });
  return pages.map((page) => page ?? []);
}

function* dependentsOf(addresses: readonly TaskAddress[]): Operation<readonly (readonly number[])[]> {
  const numbers = yield* jobNumbers([...new Set(addresses.map(({ jobId }) => jobId))]);
  const dependents = new Map<string, Map<number, number[]>>();
  for (const { jobId, no } of addresses) {
    const ofJob = dependents.get(jobId) ?? new Map<number, number[]>();
    dependents.set(jobId, ofJob.set(no, []));
  }
  for (const [jobId, jobNo] of numbers) {
    for (const task of yield* rows<{ no: number; dependencies: string }>(VIEW_STATEMENTS.dependencies, jobNo)) {
      for (const { on } of decodeDependencies(task.dependencies)) dependents.get(jobId)!.get(on)?.push(task.no);
    }
  }
  return addresses.map(({ jobId, no }) => dependents.get(jobId)!.get(no)!);
}

function indexes<T extends string>(words: readonly T[], all: readonly T[]): number[] {
  // No word at all matches nothing; -1 is no index.
  return words.length === 0 ? [-1] : words.map((word) => all.indexOf(word));
}

function checkEventCount(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > MAX_EVENTS)
    throw new TaskloomError('PAGE_SIZE', `\`first\` is ${inMessage(first)}; it must be a whole number from 1 to ${MAX_EVENTS}.`);
}

function checkAddresses(addresses: readonly unknown[]): void {
  if (addresses.length > MAX_ADDRESSES)
    throw new TaskloomError('PAGE_SIZE', `${addresses.length} were asked for at once; at most ${MAX_ADDRESSES} are given.`);
}

function toPayload(json: string, maxBytes: number): PayloadView {
  const bytes = byteLength(json);
  const truncated = bytes > maxBytes;
  return { bytes, truncated, value: truncated ? json.slice(0, maxBytes).toWellFormed() : (JSON.parse(json) as Json) };
}
