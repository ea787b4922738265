import type { EventView, JobView, TaskView } from '@taskloom/core';

import { ApiError } from '../errors/api-error.js';
import { isExpired, type ApiCaller } from './api-caller.js';
import type { TenantId } from './tenant-id.js';
import type { ApiAction, ApiField, AuthorizeHooks } from './authorize.js';

/** What one caller may see and do, by the application's hooks. Remembers no answer: each call asks anew. */
export class Permissions {
  constructor(
    private readonly caller: ApiCaller,
    private readonly hooks: Omit<AuthorizeHooks, 'caller'>,
    /** The only tenant whose jobs there are for this caller; `null` without tenancy. */
    readonly tenant: TenantId | null,
  ) {}

  /** As events name this caller. */
  get actor(): string {
    return this.caller.name === undefined ? 'user' : `user:${this.caller.name}`;
  }

  /** Whether every job, of whomever, is open to this caller. */
  get allJobs(): boolean {
    return this.everyJobOfTenant && this.tenant === null;
  }

  /** Whether every job of the caller's tenant is open to it. */
  get everyJobOfTenant(): boolean {
    return this.hooks.job === undefined;
  }

  get allTasks(): boolean {
    return this.hooks.task === undefined;
  }

  get allEvents(): boolean {
    return this.hooks.event === undefined;
  }

  async job(job: JobView, action: ApiAction = 'read'): Promise<boolean> {
    if (this.tenant !== null && job.tenant !== this.tenant) return false;
    return !this.hooks.job || isYes(await this.hooks.job(this.caller, job, action));
  }

  async task(task: TaskView, action: ApiAction = 'read'): Promise<boolean> {
    return !this.hooks.task || isYes(await this.hooks.task(this.caller, task, action));
  }

  async event(event: EventView): Promise<boolean> {
    return !this.hooks.event || isYes(await this.hooks.event(this.caller, event));
  }

  /** `null` where no field is checked, so that fields cost nothing then. @throws ApiError `FORBIDDEN` */
  get field(): ((field: ApiField) => Promise<void>) | null {
    const { field: hook } = this.hooks;
    if (!hook) return null;
    return async (field) => {
      if (!isYes(await hook(this.caller, field)))
        throw new ApiError('FORBIDDEN', `This caller may not use ${field.type}.${field.name}.`, { field: `${field.type}.${field.name}` });
    };
  }

  get isExpired(): boolean {
    return isExpired(this.caller);
  }
}

/** Hooks may come from untyped code: only `true` itself admits. */
function isYes(answer: unknown): boolean {
  return answer === true;
}
