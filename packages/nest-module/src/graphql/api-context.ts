import type { Engine } from '@taskloom/core';

import { tenantOf, type ApiCaller } from '../access/api-caller.js';
import type { AuthorizeHooks } from '../access/authorize.js';
import type { ApiRequest } from '../access/api-request.js';
import { GuardedEngine } from '../access/guarded-engine.js';
import { JobStarts } from '../access/job-starts.js';
import type { TenantId } from '../access/tenant-id.js';
import type { Carrier } from '../carry/carrier.js';
import { ApiError } from '../errors/api-error.js';
import { Permissions } from '../access/permissions.js';
import { JobLogs } from '../logs/job-logs.js';
import { createLoaders, type Loaders } from './loaders.js';
import { NodeBudget } from './node-budget.js';

/** What the resolvers of one operation share. Never shared between operations. */
export class ApiContext {
  private madeLoaders: Loaders | null = null;
  private madeBudget: NodeBudget | null = null;

  constructor(
    /** The engine as the caller may use it. */
    readonly engine: GuardedEngine,
    readonly caller: ApiCaller,
    /** Tells one client from another, for limits. */
    readonly client: string,
    private readonly maxNodes: number,
  ) {}

  /** Whose limits the caller's operations count for. */
  get tenant(): string {
    return tenantOf(this.caller);
  }

  get permissions(): Permissions {
    return this.engine.permissions;
  }

  get loaders(): Loaders {
    return (this.madeLoaders ??= createLoaders(this.engine));
  }

  get budget(): NodeBudget {
    return (this.madeBudget ??= new NodeBudget(this.maxNodes));
  }

  /** Forgets what was read, because the state has changed since: after a mutation, before each pushed event. */
  forget(): void {
    this.madeLoaders = null;
    this.madeBudget = null;
  }

  /** For `ControlOptions`: who asks, and why. */
  control(reason: string | null | undefined): { readonly reason?: string; readonly actor?: string } {
    return { ...(reason ? { reason } : undefined), ...(this.caller.name === undefined ? undefined : { actor: this.caller.name }) };
  }
}

/** Makes the contexts of operations: every one sees the engine with its caller's eyes. */
export class ApiContexts {
  private readonly logs: JobLogs;

  constructor(
    private readonly engine: Engine,
    private readonly hooks: Omit<AuthorizeHooks, 'caller'>,
    private readonly maxNodes: number,
    private readonly tenancy: boolean,
    private readonly carrier: Carrier | null,
  ) {
    this.logs = new JobLogs(engine);
  }

  of(caller: ApiCaller, request: ApiRequest): ApiContext {
    const permissions = new Permissions(caller, this.hooks, this.tenantFor(caller));
    const engine = new GuardedEngine(this.engine, this.logs, permissions, new JobStarts(caller, request, this.carrier));
    // Callers without a name are told apart by where they are.
    const address = request.remoteAddress;
    return new ApiContext(
      engine,
      caller,
      caller.name === undefined ? `${caller.tenant ?? ''} address ${address}` : `${caller.tenant ?? ''} name ${caller.name}`,
      this.maxNodes,
    );
  }

  /** Closed: with tenancy there is no caller without a tenant. */
  private tenantFor({ tenant }: ApiCaller): TenantId | null {
    if (!this.tenancy) return null;
    if (tenant === undefined) throw new ApiError('FORBIDDEN', 'The caller belongs to no tenant.');
    return tenant;
  }
}
