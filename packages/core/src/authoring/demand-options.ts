import { durationMs, type Duration } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { AgentDemands, Rate, Resources, TaskDemands } from '../model/demands.js';

/** How often something may start. */
export interface RateOptions {
  /** Most starts in any stretch of time of `per`; at most 100,000. */
  readonly starts: number;
  readonly per: Duration;
}

/** The part of an agent's options that says what its tasks take. */
export interface AgentDemandOptions extends TaskDemands {
  readonly concurrency?: number;
  readonly concurrencyPerKey?: number;
  readonly rate?: RateOptions;
}

const MOST_PLACES = 10_000;
const MOST_STARTS = 100_000;
const KEY_CHARS = 200;

/** Options that have been checked. */
export function parseAgentDemands(options: AgentDemandOptions): AgentDemands {
  return {
    concurrency: options.concurrency ?? null,
    concurrencyKey: options.concurrencyKey ?? null,
    concurrencyPerKey: options.concurrencyPerKey ?? 1,
    rate: options.rate === undefined ? null : parseRate(options.rate),
    limits: [...(options.limits ?? [])],
    resources: options.resources === undefined ? null : { ...options.resources },
    exclusive: options.exclusive ?? false,
  };
}

export function parseRate({ starts, per }: RateOptions): Rate {
  return { starts, perMs: durationMs(per)! };
}

/** Everything that is wrong with what an agent says its tasks take. */
export function agentDemandProblems(options: AgentDemandOptions, owner: string): string[] {
  const { concurrency, concurrencyPerKey, rate } = options;
  const problems = [
    ...placesProblems('concurrency', concurrency, owner),
    ...placesProblems('concurrencyPerKey', concurrencyPerKey, owner),
    ...rateProblems('rate', rate, owner),
    ...taskDemandProblems(options, owner),
  ];
  if (problems.length === 0 && concurrency !== undefined && concurrencyPerKey !== undefined && concurrencyPerKey > concurrency)
    problems.push(
      `\`concurrencyPerKey\` of ${owner} is ${concurrencyPerKey}, above its \`concurrency\` of ${concurrency}: it could never be used up.`,
    );
  return problems;
}

/** Everything that is wrong with what a task says it takes. Whether the engine has such limits is checked by the engine. */
export function taskDemandProblems({ resources, limits, concurrencyKey, exclusive }: TaskDemands, owner: string): string[] {
  const problems = resourcesProblems(resources, owner);
  if (limits !== undefined && !(Array.isArray(limits) && limits.every((name) => typeof name === 'string')))
    problems.push(`\`limits\` of ${owner} must be a list of names.`);
  if (concurrencyKey !== undefined && !isKey(concurrencyKey))
    problems.push(`\`concurrencyKey\` of ${owner} must be a text of 1 to ${KEY_CHARS} characters.`);
  if (exclusive !== undefined && typeof exclusive !== 'boolean') problems.push(`\`exclusive\` of ${owner} must be true or false.`);
  return problems;
}

export function placesProblems(option: string, value: number | undefined, owner: string): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= MOST_PLACES)) return [];
  return [`\`${option}\` of ${owner} is ${inMessage(value)}; it must be a whole number from 1 to ${MOST_PLACES}.`];
}

export function rateProblems(option: string, rate: unknown, owner: string): string[] {
  if (rate === undefined) return [];
  if (typeof rate !== 'object' || rate === null) return [`\`${option}\` of ${owner} must be an object such as { starts: 10, per: '1m' }.`];
  const problems: string[] = [];
  const { starts, per, ...others } = rate as { starts?: unknown; per?: unknown };
  for (const key of Object.keys(others)) problems.push(`\`${option}.${key}\` of ${owner} is unknown; known are starts, per.`);
  if (!(Number.isInteger(starts) && (starts as number) >= 1 && (starts as number) <= MOST_STARTS))
    problems.push(`\`${option}.starts\` of ${owner} is ${inMessage(starts)}; it must be a whole number from 1 to ${MOST_STARTS}.`);
  if (!((durationMs(per) ?? 0) > 0))
    problems.push(
      `\`${option}.per\` of ${owner} is ${per === undefined ? 'missing' : inMessage(per)}; write a duration above 0 such as '1m'.`,
    );
  return problems;
}

function resourcesProblems(resources: Resources | undefined, owner: string): string[] {
  if (resources === undefined) return [];
  if (typeof resources !== 'object' || resources === null || Array.isArray(resources))
    return [`\`resources\` of ${owner} must name amounts by pool, such as { memoryMb: 600 }.`];
  return Object.entries(resources).flatMap(([pool, amount]) => amountProblems(`resources.${pool}`, pool, amount, owner));
}

/** What is wrong with a pool's name, or with an amount of it. */
export function amountProblems(option: string, pool: string, amount: unknown, owner: string): string[] {
  const named: boolean = isName(pool);
  if (!named) return [`\`${option}\` of ${owner} cannot name a pool: use ${NAME_RULE}.`];
  return typeof amount === 'number' && Number.isFinite(amount) && amount > 0
    ? []
    : [`\`${option}\` of ${owner} is ${inMessage(amount)}; it must be a number above 0.`];
}

function isKey(key: unknown): boolean {
  return typeof key === 'string' && key !== '' && key.length <= KEY_CHARS && key.isWellFormed();
}
