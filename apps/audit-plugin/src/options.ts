import { resolve } from 'node:path';

import { ConfigError } from '@taskloom/core';

import type { AuditRule, Names } from './rules.js';
import { windowProblems } from './time-window.js';

/**
 * When lines are made to outlive a power loss; a killed process loses none in any case. `always`: before the engine is told
 * that an event is written. `every-second`: within a second. `never`: when the system likes.
 */
export const FSYNC_POLICIES = ['always', 'every-second', 'never'] as const;
export type FsyncPolicy = (typeof FSYNC_POLICIES)[number];

export interface AuditOptions {
  /** Path of the file that is written to. Older ones lie beside it, with a number and a time in their names. */
  readonly file: string;
  /** The plugin's name. Default `audit`. */
  readonly name?: string;
  /** Size at which a file is closed and the next one begun. Default 64 MiB, at least 1 KiB. */
  readonly maxBytes?: number;
  /** Default `every-second`. */
  readonly fsync?: FsyncPolicy;
  /** Asked in order; the first that fits refuses. Default: none. */
  readonly rules?: readonly AuditRule[];
  /** Told why the file cannot be written to, once until it can again. Default: a warning of the process. */
  readonly onProblem?: (problem: Error) => void;
  /** Milliseconds since the epoch, for time windows and refusals. For tests. Default: the system's. */
  readonly now?: () => number;
}

/** The completed form used inside. */
export type ParsedAuditOptions = Required<AuditOptions>;

const DEFAULT_BYTES = 64 * 1_048_576;
const LEAST_BYTES = 1_024;
const OPTIONS = ['file', 'name', 'maxBytes', 'fsync', 'rules', 'onProblem', 'now'] as const satisfies readonly (keyof AuditOptions)[];
const EVERY_RULE = ['refuse', 'name', 'reason', 'during', 'outside'];
/** What a rule of each kind may say; of these, all but `input` are names. */
const RULE_PARTS = {
  submit: ['workflow', 'tenant', 'input'],
  start: ['agent', 'workflow', 'tenant', 'input'],
  cancel: ['actor'],
} as const satisfies Record<AuditRule['refuse'], readonly string[]>;

/**
 * Checks and completes the options.
 *
 * @throws ConfigError with everything that is wrong
 */
export function parseAuditOptions(given: AuditOptions): ParsedAuditOptions {
  const { file, name = 'audit', maxBytes = DEFAULT_BYTES, fsync = 'every-second', rules = [], onProblem = warn, now = Date.now } = given;
  const problems = unknown('', given, OPTIONS);
  if (typeof file !== 'string' || file === '') problems.push('`file` must be the path of a file.');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < LEAST_BYTES)
    problems.push(`\`maxBytes\` is ${String(maxBytes)}; it must be a whole number from ${LEAST_BYTES}.`);
  if (!FSYNC_POLICIES.includes(fsync))
    problems.push(`\`fsync\` is ${JSON.stringify(fsync)}; it must be one of ${FSYNC_POLICIES.join(', ')}.`);
  for (const [option, value] of Object.entries({ onProblem, now }))
    if (typeof value !== 'function') problems.push(`\`${option}\` must be a function.`);
  if (Array.isArray(rules)) problems.push(...rules.flatMap((rule, index) => ruleProblems(`rules[${index}]`, rule)), ...twice(rules));
  else problems.push('`rules` must be a list.');
  if (problems.length > 0) throw new ConfigError(problems);
  return { file: resolve(file), name, maxBytes, fsync, rules, onProblem, now };
}

function ruleProblems(place: string, rule: AuditRule): string[] {
  const parts: readonly string[] | undefined = Object.hasOwn(RULE_PARTS, rule.refuse) ? RULE_PARTS[rule.refuse] : undefined;
  if (!parts) return [`\`${place}.refuse\` is ${JSON.stringify(rule.refuse)}; it must be one of ${Object.keys(RULE_PARTS).join(', ')}.`];
  const problems = unknown(`${place}.`, rule, [...EVERY_RULE, ...parts]);
  for (const part of ['name', 'reason'] as const)
    if (typeof rule[part] !== 'string' || rule[part] === '') problems.push(`\`${place}.${part}\` must be a text.`);
  for (const [part, value] of Object.entries(rule) as [string, unknown][]) {
    if (value === undefined || !parts.includes(part)) continue;
    if (part === 'input' ? typeof value !== 'function' : !areNames(value))
      problems.push(`\`${place}.${part}\` must be ${part === 'input' ? 'a function of the input' : 'a name, or a list of names'}.`);
  }
  for (const part of ['during', 'outside'] as const) {
    const window = rule[part];
    if (window === undefined) continue;
    problems.push(
      ...unknown(`${place}.${part}.`, window, ['from', 'to', 'days', 'timeZone']),
      ...windowProblems(`${place}.${part}`, window),
    );
  }
  return problems;
}

function areNames(value: unknown): value is Names {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((name) => typeof name === 'string' && name !== '');
}

function twice(rules: readonly AuditRule[]): string[] {
  const names = rules.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => `Two rules are called "${name}".`);
}

function unknown(place: string, given: object, known: readonly string[]): string[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `\`${place}${key}\` is unknown; there are ${known.join(', ')}.`);
}

function warn(problem: Error): void {
  process.emitWarning(problem.message, { type: 'AuditWarning' });
}
