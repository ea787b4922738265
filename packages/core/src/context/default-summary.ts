import type { Json } from '../kernel/json.js';
import type { TaskStatus } from '../model/task.js';
import { cutText } from './cut-text.js';

export const SUMMARY_CHARS = 600;
const SCALAR_CHARS = 80;
const FIELDS = 8;
const NAMED_CHILDREN = 8;

export interface DefaultSummaryInput {
  readonly taskName: string;
  readonly output: Json;
  readonly children: readonly { readonly name: string; readonly status: TaskStatus }[];
}

/**
 * What a finished task came to, in whole sentences: its outcome, the tasks below it (each by name, or counted where there
 * are many), the scalar fields of its output and the sizes of the others. At most 600 characters, always the same for the
 * same input.
 */
export function defaultSummary({ taskName, output, children }: DefaultSummaryInput): string {
  const sentences = [`${taskName} completed.`, ...describeChildren(children), ...describeOutput(output)];
  let summary = '';
  for (const sentence of sentences) {
    const longer = summary === '' ? sentence : `${summary} ${sentence}`;
    if (longer.length > SUMMARY_CHARS) break;
    summary = longer;
  }
  return summary === '' ? cutText(sentences[0]!, SUMMARY_CHARS) : summary;
}

function describeChildren(children: DefaultSummaryInput['children']): string[] {
  if (children.length === 0) return [];
  const byStatus = new Map<TaskStatus, string[]>();
  for (const { name, status } of children) {
    const names = byStatus.get(status);
    if (names) names.push(name);
    else byStatus.set(status, [name]);
  }
  return [...byStatus].map(([status, names]) => {
    const who = names.length <= NAMED_CHILDREN ? listOf(names.map((name) => cutText(name, SCALAR_CHARS))) : `${names.length} tasks`;
    return `${who} ${names.length === 1 ? 'is' : 'are'} ${status.toLowerCase()}.`;
  });
}

function describeOutput(output: Json): string[] {
  if (output === null) return [];
  if (typeof output !== 'object') return [`Its output is ${scalar(output)}.`];
  if (Array.isArray(output)) return [`Its output is a list of ${count(output.length, 'item')}.`];
  const entries = Object.entries(output).filter(([, value]) => value !== undefined);
  const shown = entries.slice(0, FIELDS).map(([key, value]) => `${key} ${describeField(value as Json)}`);
  const rest = entries.length - shown.length;
  return shown.length === 0 ? [] : [`Its output has ${listOf(rest > 0 ? [...shown, count(rest, 'more field')] : shown)}.`];
}

function describeField(value: Json): string {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (Array.isArray(value)) return `(${count(value.length, 'item')})`;
  return `(${count(Object.keys(value).length, 'field')})`;
}

function scalar(value: null | boolean | number | string): string {
  return typeof value === 'string' ? `"${cutText(value.replace(/\s+/g, ' '), SCALAR_CHARS)}"` : String(value);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function listOf(parts: readonly string[]): string {
  return parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]!}`;
}
