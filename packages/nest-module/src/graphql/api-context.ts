import type { Engine } from '@taskloom/core';

import type { ApiCaller } from '../access/api-caller.js';
import { createLoaders, type Loaders } from './loaders.js';
import { NodeBudget } from './node-budget.js';

/** What the resolvers of one operation share. Never shared between operations. */
export class ApiContext {
  private madeLoaders: Loaders | null = null;
  private madeBudget: NodeBudget | null = null;
  /** What a subscription pushed last. */
  pushed: unknown;

  constructor(
    readonly engine: Engine,
    readonly caller: ApiCaller,
    private readonly maxNodes: number,
  ) {}

  get loaders(): Loaders {
    return (this.madeLoaders ??= createLoaders(this.engine.reader));
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
