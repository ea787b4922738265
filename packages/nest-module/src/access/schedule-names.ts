import type { ScheduleView } from '@taskloom/core';

import type { TenantId } from './tenant-id.js';

/** Ids of schedules are unique in the engine. Each tenant has its own: here they bear its name, and its length, so that no two meet. */
export class ScheduleNames {
  constructor(private readonly tenant: TenantId | null) {}

  /** As the engine knows it. */
  stored(id: string): string {
    return `${this.prefix}${id}`;
  }

  /** As the caller knows it; `null` for one that is not the caller's, or was not made through the API. */
  shown(view: ScheduleView): ScheduleView | null {
    if (this.tenant === null) return view;
    return view.tenant === this.tenant && view.id.startsWith(this.prefix) ? { ...view, id: view.id.slice(this.prefix.length) } : null;
  }

  private get prefix(): string {
    return this.tenant === null ? '' : `${this.tenant.length}.${this.tenant}:`;
  }
}
