/** Units of pools by the pool's name. */
export type Resources = { readonly [pool: string]: number };

/** What a task takes of its process beside its place in it, while it runs. */
export interface TaskDemands {
  /** What it reserves of the engine's pools. Default: what its agent reserves. */
  readonly resources?: Resources;
  /** Named limits of the engine that it takes a place of, beside those of its agent. */
  readonly limits?: readonly string[];
  /** Tasks of the same agent and key run one at a time, or as many as the agent's `concurrencyPerKey` says. Default: its agent's key. */
  readonly concurrencyKey?: string;
  /** It runs alone in its process. Default: as its agent says. */
  readonly exclusive?: boolean;
}

/** At most `starts` starts in any stretch of time of `perMs`. */
export interface Rate {
  readonly starts: number;
  readonly perMs: number;
}

/** What every task of an agent takes. */
export interface AgentDemands {
  readonly concurrency: number | null;
  readonly concurrencyKey: string | null;
  readonly concurrencyPerKey: number;
  readonly rate: Rate | null;
  readonly limits: readonly string[];
  readonly resources: Resources | null;
  readonly exclusive: boolean;
}

/** What a task demands of its own; `null` for most tasks, which take no more than their agent takes. */
export function demandsOf({ overrides, resources }: DemandingTask): TaskDemands | null {
  if (overrides === null) return resources === null ? null : { resources };
  const { limits, concurrencyKey, exclusive } = overrides;
  if (resources !== null && overrides.resources === undefined) return { ...overrides, resources };
  const isPlain = overrides.resources === undefined && limits === undefined && concurrencyKey === undefined && exclusive === undefined;
  return isPlain ? null : overrides;
}

interface DemandingTask {
  readonly overrides: TaskDemands | null;
  readonly resources: Resources | null;
}
