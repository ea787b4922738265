import type { Json } from '../kernel/json.js';
import type { TaskStatus } from '../model/task.js';
import { oneLine } from './cut-text.js';
import { statusPhrase } from './status-phrase.js';

export const SUMMARY_CHARS = 600;
const NAME_CHARS = 80;
const KEY_CHARS = 40;
const SCALAR_CHARS = 80;
const FIELDS = 8;
/** Most tasks of one status that are named. */
export const NAMED_CHILDREN = 8;
/** What the names of the tasks below may take, so that the output is told as well. */
const CHILDREN_CHARS = 320;

/** A task below the one that is summarised. Its name is not looked at where more than `NAMED_CHILDREN` are of its status. */
export interface SummarisedChild {
  readonly name: string;
  readonly status: TaskStatus;
}

export interface DefaultSummaryInput {
  readonly taskName: string;
  readonly output: Json;
  readonly children: readonly SummarisedChild[];
}

/**
 * What a finished task came to, in whole sentences: its outcome, the tasks below it (each by name, or counted where there
 * are many), the scalar fields of its output and the sizes of the others. At most 600 characters, always the same for the
 * same input.
 */
export function defaultSummary({ taskName, output, children }: DefaultSummaryInput): string {
  const told = [`${oneLine(taskName, NAME_CHARS)} completed.`, ...describeChildren(children)].join(' ');
  const about = describeOutput(output, SUMMARY_CHARS - told.length - 1);
  return about === null ? told : `${told} ${about}`;
}

/** One sentence for each status that occurs. Every task is named or counted. */
function describeChildren(children: DefaultSummaryInput['children']): string[] {
  if (children.length === 0) return [];
  const byStatus = new Map<TaskStatus, string[]>();
  for (const { name, status } of children) {
    const names = byStatus.get(status);
    if (names) names.push(name);
    else byStatus.set(status, [name]);
  }
  const groups = [...byStatus];
  const named = groups.map(([status, names]) =>
    sentence(names.length <= NAMED_CHILDREN ? listOf(shortNames(names)) : null, names.length, status),
  );
  if (named.join(' ').length <= CHILDREN_CHARS) return named;
  return groups.map(([status, names]) => sentence(null, names.length, status));
}

function sentence(names: string | null, number: number, status: TaskStatus): string {
  return `${names ?? count(number, 'task')} ${statusPhrase(status, number)}.`;
}

function shortNames(names: readonly string[]): string[] {
  return names.map((name) => oneLine(name, NAME_CHARS));
}

/** The output in a sentence of at most `maxChars` characters, which is never less than what one field takes. */
function describeOutput(output: Json, maxChars: number): string | null {
  if (output === null) return null;
  if (typeof output !== 'object') return `Its output is ${scalar(output)}.`;
  if (Array.isArray(output)) return `Its output is a list of ${count(output.length, 'item')}.`;
  const fields = Object.entries(output).filter(([, value]) => value !== undefined);
  if (fields.length === 0) return null;
  for (let shown = Math.min(FIELDS, fields.length); shown > 0; shown -= 1) {
    const parts = fields.slice(0, shown).map(([key, value]) => `${oneLine(key, KEY_CHARS)} ${describeField(value as Json)}`);
    const rest = fields.length - shown;
    const text = `Its output has ${listOf(rest > 0 ? [...parts, count(rest, 'more field')] : parts)}.`;
    if (text.length <= maxChars) return text;
  }
  return `Its output has ${count(fields.length, 'field')}.`;
}

function describeField(value: Json): string {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (Array.isArray(value)) return `(${count(value.length, 'item')})`;
  return `(${count(Object.keys(value).length, 'field')})`;
}

/** A long text by its beginning and its size. */
function scalar(value: null | boolean | number | string): string {
  if (typeof value !== 'string') return String(value);
  const shown = `"${oneLine(value, SCALAR_CHARS)}"`;
  return value.length <= SCALAR_CHARS ? shown : `${shown} (${value.length} characters)`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function listOf(parts: readonly string[]): string {
  return parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]!}`;
}
