import type {
  Cost,
  CostReader,
  EngineReader,
  EventView,
  ExpiredJob,
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobPageRequest,
  JobStatus,
  JobView,
  Page,
  PageRequest,
  PayloadView,
  StoreReader,
  TaskAddress,
  TaskFilter,
  TaskPageRequest,
  TaskStatus,
  TaskView,
} from '@taskloom/core';
import { NO_COST, parseTaskId } from '@taskloom/core/internal';

import { ApiError } from '../errors/api-error.js';
import type { Permissions } from './permissions.js';
import { namedByEvent, namedByTask, requestsNamedBy, toldEvent, toldJob, toldRequest, toldTask } from './told.js';

/** Most events that the history of a task has. */
export const HISTORY_EVENTS = 1_000;

/** Most tasks asked for at once. */
const BATCH = 1_000;

/** Whether a caller sees all of so many tasks below another is found out; of more, no. */
const MOST_BELOW = 1_000;
const CHILDREN = 100;

/** Committed state as one caller may see it: what is hidden from it is as if it did not exist. */
export class GuardedReader implements StoreReader, CostReader {
  constructor(
    private readonly reader: EngineReader,
    private readonly permissions: Permissions,
  ) {}

  async job(id: string): Promise<JobView | null> {
    const view = await this.visibleJob(id);
    return view && this.toldJob(view);
  }

  private async visibleJob(id: string): Promise<JobView | null> {
    const view = await this.reader.job(id);
    return view && (await this.permissions.job(view)) ? view : null;
  }

  async jobsAt(ids: readonly string[]): Promise<readonly (JobView | null)[]> {
    const views = await this.visibleJobsAt(ids);
    if (this.permissions.allTasks) return views;
    const told = await this.toldJobs(views.filter((view) => view !== null));
    const byId = new Map(told.map((view) => [view.id, view]));
    return views.map((view) => view && byId.get(view.id)!);
  }

  private async visibleJobsAt(ids: readonly string[]): Promise<readonly (JobView | null)[]> {
    const views = await this.reader.jobsAt(ids);
    if (this.permissions.allJobs) return views;
    return Promise.all(views.map(async (view) => (view && (await this.permissions.job(view)) ? view : null)));
  }

  async jobs(filter: JobFilter, page: JobPageRequest): Promise<VisiblePage<JobView>> {
    const found = await this.reader.jobs(this.own(filter), page);
    const shown = await visible(found, (view) => this.permissions.job(view), this.permissions.allJobs);
    return { ...shown, items: await this.toldJobs(shown.items) };
  }

  async countJobs(filter: JobFilter): Promise<number> {
    if (!this.permissions.everyJobOfTenant) refuseCount();
    return this.reader.countJobs(this.own(filter));
  }

  async jobCounts(filter: { readonly tenant?: string }): Promise<Readonly<Record<JobStatus, number>>> {
    if (!this.permissions.everyJobOfTenant) refuseCount();
    return this.reader.jobCounts(this.own(filter));
  }

  async task(id: string): Promise<TaskView | null> {
    const address = parseTaskId(id);
    return address ? ((await this.tasksAt([address]))[0] ?? null) : null;
  }

  async tasks(filter: TaskFilter, page: TaskPageRequest): Promise<VisiblePage<TaskView>> {
    const { allJobs, allTasks } = this.permissions;
    const within = filter.jobId ?? (filter.parentId === undefined ? undefined : parseTaskId(filter.parentId)?.jobId);
    // Not even its cursors tell that there is such a job.
    if (within !== undefined && !(await this.seesJob(within))) return NOTHING;
    const found = await this.reader.tasks(this.own(filter), page);
    const jobs = await this.visibleJobs(found.items.map(({ jobId }) => jobId));
    const isVisible = async (view: TaskView): Promise<boolean> => jobs.has(view.jobId) && (await this.permissions.task(view));
    return this.toldPage(await visible(found, isVisible, allJobs && allTasks));
  }

  async countTasks(filter: TaskFilter): Promise<number> {
    if (!this.permissions.everyJobOfTenant || !this.permissions.allTasks) refuseCount();
    return this.reader.countTasks(this.own(filter));
  }

  async taskCounts(filter: { readonly tenant?: string }): Promise<Readonly<Record<TaskStatus, number>>> {
    if (!this.permissions.everyJobOfTenant || !this.permissions.allTasks) refuseCount();
    return this.reader.taskCounts(this.own(filter));
  }

  async childrenOf(parents: readonly TaskAddress[], first: number): Promise<readonly VisiblePage<TaskView>[]> {
    const { allJobs, allTasks } = this.permissions;
    const pages = await this.reader.childrenOf(parents, first);
    const jobs = await this.visibleJobs(parents.map(({ jobId }) => jobId));
    const isVisible = async (view: TaskView): Promise<boolean> => jobs.has(view.jobId) && (await this.permissions.task(view));
    return Promise.all(pages.map(async (page) => this.toldPage(await visible(page, isVisible, allJobs && allTasks))));
  }

  async tasksAt(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]> {
    const views = await this.visibleTasks(addresses);
    if (this.permissions.allTasks) return views;
    const told = await this.toldTasks(views.filter((view) => view !== null));
    const byId = new Map(told.map((view) => [view.id, view]));
    return views.map((view) => view && byId.get(view.id)!);
  }

  /** A job that may be seen, as its caller is told of it. */
  async toldJob(view: JobView): Promise<JobView> {
    return (await this.toldJobs([view]))[0]!;
  }

  private async toldJobs(views: readonly JobView[]): Promise<readonly JobView[]> {
    if (this.permissions.allTasks) return views;
    const failed = views.filter(({ error }) => error?.code === 'JOB_FAILED').map(({ id }) => id);
    // The objective has failed with the job: by itself, or because of the task that has ended both.
    const objectives = (await this.reader.tasksAt(failed.map((jobId) => ({ jobId, no: 0 })))).filter((view) => view !== null);
    const below = objectives.filter(({ causedBy }) => causedBy !== null).map(({ jobId, causedBy }) => ({ jobId, no: causedBy! }));
    const causes = (await this.reader.tasksAt(below)).filter((view) => view !== null);
    const seen: TaskView[] = [];
    for (const view of [...objectives, ...causes]) if (await this.permissions.task(view)) seen.push(view);
    return views.map((view) =>
      toldJob(
        view,
        seen.filter(({ jobId }) => jobId === view.id),
      ),
    );
  }

  /** Tasks that may be seen, as their caller is told of them. */
  async toldTasks(views: readonly TaskView[]): Promise<readonly TaskView[]> {
    if (this.permissions.allTasks) return views;
    const sees = await this.seenOf(views.flatMap(namedByTask));
    return views.map((view) => toldTask(view, sees));
  }

  /** A question that may be seen, as its caller is told of it. */
  toldRequest(view: HumanRequestView): HumanRequestView {
    return this.permissions.allTasks ? view : toldRequest(view);
  }

  /** Of each task, whether this caller sees all that is below it, and so may read its summary. */
  async seesBelow(addresses: readonly TaskAddress[]): Promise<readonly boolean[]> {
    if (this.permissions.allTasks) return addresses.map(() => true);
    return Promise.all(addresses.map((address) => this.seesSubtree(address)));
  }

  private async seesSubtree(root: TaskAddress): Promise<boolean> {
    let left = MOST_BELOW;
    for (let level: readonly TaskAddress[] = [root]; level.length > 0;) {
      const pages = await this.reader.childrenOf(level, CHILDREN);
      const below = pages.flatMap(({ items }) => items);
      left -= below.length;
      if (left < 0 || pages.some(({ hasNextPage }) => hasNextPage)) return false;
      for (const view of below) if (!(await this.permissions.task(view))) return false;
      level = below.map(({ jobId, no }) => ({ jobId, no }));
    }
    return true;
  }

  private async visibleTasks(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]> {
    const views = await this.ofVisibleJobs(addresses, (all) => this.reader.tasksAt(all), null);
    if (this.permissions.allTasks) return views;
    return Promise.all(views.map(async (view) => (view && (await this.permissions.task(view)) ? view : null)));
  }

  private async toldPage(page: VisiblePage<TaskView>): Promise<VisiblePage<TaskView>> {
    return { ...page, items: await this.toldTasks(page.items) };
  }

  /** Those of the tasks that this caller may see. */
  async seenOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const addresses = [...new Set(ids)].map((id) => parseTaskId(id)).filter((address) => address !== null);
    const seen = new Set<string>();
    for (let from = 0; from < addresses.length; from += BATCH)
      for (const view of await this.visibleTasks(addresses.slice(from, from + BATCH))) if (view) seen.add(view.id);
    return seen;
  }

  /** Those of the questions whose tasks this caller may see. */
  async seenRequests(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const views = await Promise.all([...new Set(ids)].map((id) => this.reader.humanRequest(id)));
    const found = views.filter((view) => view !== null);
    const tasks = await this.seenOf(found.map(({ taskId }) => taskId));
    return new Set(found.filter(({ taskId }) => tasks.has(taskId)).map(({ id }) => id));
  }

  dependentsOf(addresses: readonly TaskAddress[]): Promise<readonly (readonly number[])[]> {
    return this.ofVisibleTasks(addresses, (all) => this.reader.dependentsOf(all), []);
  }

  taskInputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    return this.ofVisibleTasks(addresses, (all) => this.reader.taskInputs(all, maxBytes), null);
  }

  taskOutputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    return this.ofVisibleTasks(addresses, (all) => this.reader.taskOutputs(all, maxBytes), null);
  }

  taskCosts(addresses: readonly TaskAddress[]): Promise<readonly Cost[]> {
    return this.ofVisibleTasks(addresses, (all) => this.reader.taskCosts(all), NO_COST);
  }

  /** Of all tasks of each job: the sum tells of no task. */
  async jobCosts(ids: readonly string[]): Promise<readonly Cost[]> {
    const costs = await this.reader.jobCosts(ids);
    const jobs = await this.visibleJobs(ids);
    return costs.map((cost, index) => (jobs.has(ids[index]!) ? cost : NO_COST));
  }

  async jobInputs(ids: readonly string[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    const inputs = await this.reader.jobInputs(ids, maxBytes);
    const jobs = await this.visibleJobs(ids);
    return inputs.map((input, index) => (jobs.has(ids[index]!) ? input : null));
  }

  async jobInput(id: string, maxBytes: number): Promise<PayloadView | null> {
    return (await this.seesJob(id)) ? this.reader.jobInput(id, maxBytes) : null;
  }

  async jobOutput(id: string, maxBytes: number): Promise<PayloadView | null> {
    return (await this.seesJob(id)) ? this.reader.jobOutput(id, maxBytes) : null;
  }

  async humanRequest(id: string): Promise<HumanRequestView | null> {
    const view = await this.reader.humanRequest(id);
    return view && (await this.task(view.taskId)) ? this.toldRequest(view) : null;
  }

  async humanRequests(filter: HumanRequestFilter, page: PageRequest): Promise<VisiblePage<HumanRequestView>> {
    const { allJobs, allTasks } = this.permissions;
    const found = await this.reader.humanRequests(this.own(filter), page);
    const shown = await visible(found, async ({ taskId }) => (await this.task(taskId)) !== null, allJobs && allTasks);
    return { ...shown, items: shown.items.map((view) => this.toldRequest(view)) };
  }

  /** Of a job that is gone only its tenant is known: whoever sees some jobs of it and not others is told nothing. */
  async expiredJob(id: string): Promise<ExpiredJob | null> {
    const { tenant, everyJobOfTenant } = this.permissions;
    const found = await this.reader.expiredJob(id);
    return found && everyJobOfTenant && (tenant === null || found.tenant === tenant) ? found : null;
  }

  async events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]> {
    if (!(await this.seesJob(jobId))) return [];
    return this.visibleEvents(await this.reader.events(jobId, afterSeq, first));
  }

  async taskHistory(address: TaskAddress): Promise<readonly EventView[]> {
    return (await this.taskHistories([address], HISTORY_EVENTS))[0]!;
  }

  async taskHistories(addresses: readonly TaskAddress[], first: number): Promise<readonly (readonly EventView[])[]> {
    const histories = await this.ofVisibleTasks(addresses, (all) => this.reader.taskHistories(all, first), []);
    return Promise.all(histories.map((history) => this.visibleEvents(history)));
  }

  /** An event as it may be shown now, by the job, the tasks it concerns, and itself; `null` where it may not. */
  async visibleEvent(event: EventView): Promise<EventView | null> {
    return (await this.seesJob(event.jobId)) ? ((await this.visibleEvents([event]))[0] ?? null) : null;
  }

  /** Narrowed to the caller's tenant already in the store, so that pages are full and counts tell nothing. */
  private own<Filter extends object>(filter: Filter): Filter & { readonly tenant?: string } {
    const { tenant } = this.permissions;
    return tenant === null ? filter : { ...filter, tenant };
  }

  private async visibleEvents(events: readonly EventView[]): Promise<readonly EventView[]> {
    const { allTasks, allEvents } = this.permissions;
    if (allTasks && allEvents) return events;
    const tasks = allTasks ? null : await this.seenOf(events.flatMap(namedByEvent));
    const requests = await this.seenRequests(allTasks ? [] : events.flatMap(requestsNamedBy));
    const shown = await Promise.all(
      events.map(async (event) => {
        const told = tasks ? await this.toldEvent(event, tasks, requests) : event;
        return told && (await this.permissions.event(event)) ? told : null;
      }),
    );
    return shown.filter((event) => event !== null);
  }

  private async toldEvent(event: EventView, tasks: ReadonlySet<string>, requests: ReadonlySet<string>): Promise<EventView | null> {
    const summarised = typeof event.data['summary'] === 'string' && event.taskId !== null ? parseTaskId(event.taskId) : null;
    return toldEvent(event, { tasks, requests, isBelowSeen: summarised === null || (await this.seesSubtree(summarised)) });
  }

  private async seesJob(id: string): Promise<boolean> {
    return this.permissions.allJobs || (await this.visibleJob(id)) !== null;
  }

  private async visibleJobs(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const all = [...new Set(ids)];
    if (this.permissions.allJobs) return new Set(all);
    const seen = await this.visibleJobsAt(all);
    return new Set(all.filter((_, index) => seen[index]));
  }

  private async ofVisibleJobs<Value>(
    addresses: readonly TaskAddress[],
    read: (addresses: readonly TaskAddress[]) => Promise<readonly Value[]>,
    hidden: Value,
  ): Promise<readonly Value[]> {
    const values = await read(addresses);
    if (this.permissions.allJobs) return values;
    const jobs = await this.visibleJobs(addresses.map(({ jobId }) => jobId));
    return addresses.map(({ jobId }, index) => (jobs.has(jobId) ? values[index]! : hidden));
  }

  private async ofVisibleTasks<Value>(
    addresses: readonly TaskAddress[],
    read: (addresses: readonly TaskAddress[]) => Promise<readonly Value[]>,
    hidden: Value,
  ): Promise<readonly Value[]> {
    const values = await this.ofVisibleJobs(addresses, read, hidden);
    if (this.permissions.allTasks) return values;
    const tasks = await this.visibleTasks(addresses);
    return values.map((value, index) => (tasks[index] ? value : hidden));
  }
}

/** A page of which some items may be hidden: `endCursor` is where to read on, also where nothing of it can be seen. */
export interface VisiblePage<View> extends Page<View> {
  readonly endCursor: string | null;
}

const NOTHING: VisiblePage<never> = { items: [], cursors: [], hasNextPage: false, endCursor: null };

async function visible<View>(page: Page<View>, isVisible: (view: View) => Promise<boolean>, isAll: boolean): Promise<VisiblePage<View>> {
  const endCursor = page.cursors.at(-1) ?? null;
  if (isAll) return { ...page, endCursor };
  const shown = await Promise.all(page.items.map(isVisible));
  return {
    items: page.items.filter((_, index) => shown[index]),
    cursors: page.cursors.filter((_, index) => shown[index]),
    hasNextPage: page.hasNextPage,
    endCursor,
  };
}

function refuseCount(): never {
  throw new ApiError('FORBIDDEN', 'What is checked one by one cannot be counted: `totalCount` would tell of what is hidden.');
}
