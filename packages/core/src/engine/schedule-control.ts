import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import { notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { isName } from '../kernel/ids.js';
import type { ScheduleOptions, ScheduleView } from '../model/schedule.js';
import type { Registry } from '../runtime/registry.js';
import { nextTick } from '../services/next-tick.js';
import type { KeptSchedule, ScheduleEntries, StoredSchedule } from '../services/schedule-entries.js';
import type { Scheduler } from '../services/scheduler.js';
import { isSameSchedule, parseSchedule, requireObject, toScheduleView } from './schedule-options.js';

export interface ScheduleControlOptions {
  readonly entries: ScheduleEntries;
  readonly scheduler: Scheduler;
  readonly registry: Registry;
  readonly clock: Clock;
  /** Tells other engines on the store that schedules have changed. */
  readonly announce: () => void;
}

const TRIES = 5;

/** What people and programs may do with schedules. */
export class ScheduleControl {
  constructor(private readonly options: ScheduleControlOptions) {}

  async create(given: ScheduleOptions): Promise<ScheduleView> {
    requireObject(given);
    this.options.registry.requireWorkflow(given.workflow);
    const schedule = this.parse(given, false);
    if (!(await this.options.entries.put(schedule)))
      throw new TaskloomError('SCHEDULE_EXISTS', `There is a schedule "${schedule.id}" already.`, { details: { id: schedule.id } });
    this.changed();
    return toScheduleView(schedule);
  }

  async list(tenant?: string): Promise<readonly ScheduleView[]> {
    const all = (await this.options.entries.all()).map(({ schedule }) => toScheduleView(schedule));
    return tenant === undefined ? all : all.filter((schedule) => schedule.tenant === tenant);
  }

  async get(id: string): Promise<ScheduleView | null> {
    const kept = await this.find(id);
    return kept && toScheduleView(kept.schedule);
  }

  pause(id: string): Promise<ScheduleView> {
    return this.change(id, (schedule) => ({ ...schedule, paused: true }));
  }

  /** What was missed while it was paused is not made up for. */
  resume(id: string): Promise<ScheduleView> {
    return this.change(id, (schedule) => ({ ...schedule, paused: false, nextAt: nextTick(schedule, this.options.clock.now()) }));
  }

  async delete(id: string): Promise<boolean> {
    return isName(id) && this.options.entries.delete(id);
  }

  /** @throws TaskloomError `SCHEDULE_INVALID`, `OPTIONS_INVALID` */
  check(workflow: WorkflowDefinition): void {
    if (workflow.schedule) this.parse({ ...workflow.schedule, id: workflow.name, workflow: workflow.name }, true);
  }

  /** Brings what is kept in line with what workflows declare: new ones come, changed ones start anew, and others go. */
  async declare(workflows: readonly WorkflowDefinition[]): Promise<void> {
    const { entries, scheduler } = this.options;
    const declared = new Map<string, StoredSchedule>();
    for (const { name, schedule } of workflows)
      if (schedule) declared.set(name, this.parse({ ...schedule, id: name, workflow: name }, true));
    for (const { schedule } of await entries.all()) if (schedule.declared && !declared.has(schedule.id)) await entries.delete(schedule.id);
    for (const schedule of declared.values()) {
      const kept = await entries.get(schedule.id);
      if (kept && isSameSchedule(kept.schedule, schedule)) continue;
      const { paused = false, lastAt = null, lastJobId = null } = kept?.schedule ?? {};
      await entries.put({ ...schedule, paused, lastAt, lastJobId }, kept?.version);
    }
    scheduler.look();
  }

  private async find(id: string): Promise<KeptSchedule | null> {
    return isName(id) ? this.options.entries.get(id) : null;
  }

  private changed(): void {
    this.options.scheduler.look();
    this.options.announce();
  }

  private parse(given: ScheduleOptions, declared: boolean): StoredSchedule {
    const { clock, registry } = this.options;
    return parseSchedule(given, { now: clock.now(), declared, agentNames: registry.agentNames() });
  }

  private async change(id: string, change: (schedule: StoredSchedule) => StoredSchedule): Promise<ScheduleView> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const kept = await this.find(id);
      if (!kept) throw notFound('schedule', id);
      const changed = change(kept.schedule);
      if (!(await this.options.entries.put(changed, kept.version))) continue;
      this.changed();
      return toScheduleView(changed);
    }
    throw new TaskloomError('STORE_CONFLICT', `The schedule "${id}" is being changed by others all the time.`, { details: { id } });
  }
}
