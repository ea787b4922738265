import type { TaskStatus } from '../model/task.js';
import { cutText, oneLine } from './cut-text.js';
import { fairShares } from './fair-shares.js';

export interface DistillationPart {
  readonly key: string;
  readonly name: string;
  readonly status: TaskStatus;
  readonly summary: string | null;
}

export interface Distillation {
  readonly text: string;
  /** Keys of parts that were shortened or left out. */
  readonly cut: readonly string[];
}

const SEPARATOR = '\n\n';
const NAME_CHARS = 80;
/** A part shorter than this says nothing; it is left out and counted instead. */
const LEAST_CHARS = 40;
/** Room for the last line, which says what was cut. */
const NOTE_CHARS = 80;

/**
 * Puts summaries together within a budget of characters (UTF-16 units). Each part may use an equal share; what short parts
 * leave over goes to the long ones. Where something is cut, the last line says how much; parts that do not fit at all are
 * left out from the end.
 */
export function distill(parts: readonly DistillationPart[], budget: number): Distillation {
  const sections = parts.map((part) => ({ key: part.key, text: sectionOf(part) }));
  const whole = sections.map(({ text }) => text).join(SEPARATOR);
  if (whole.length <= budget) return { text: whole, cut: [] };

  const room = budget - NOTE_CHARS;
  const kept = sections.slice(0, countFitting(sections, room));
  const left = sections.slice(kept.length);
  const shares = fairShares(
    kept.map(({ text }) => text.length),
    room - SEPARATOR.length * kept.length,
  );
  const texts = kept.map(({ text }, index) => cutText(text, shares[index]!));
  const shortened = kept.filter(({ text }, index) => text.length > shares[index]!);
  const text = [...texts, noteOf(shortened.length, left.length)].join(SEPARATOR);
  return { text: cutText(text, budget), cut: [...shortened, ...left].map(({ key }) => key) };
}

/** How many sections can be shown with at least their first characters. */
function countFitting(sections: readonly { readonly text: string }[], room: number): number {
  let used = 0;
  const first = sections.findIndex(({ text }) => {
    used += Math.min(text.length, LEAST_CHARS) + SEPARATOR.length;
    return used > room;
  });
  return first === -1 ? sections.length : first;
}

function noteOf(shortened: number, left: number): string {
  const parts = [...(shortened > 0 ? [`${shortened} shortened`] : []), ...(left > 0 ? [`${left} left out`] : [])];
  return `(To fit the budget, of the tasks ${parts.join(' and ')}.)`;
}

function sectionOf({ name, status, summary }: DistillationPart): string {
  return `## ${oneLine(name, NAME_CHARS)} (${status.toLowerCase().replace('_', ' ')})\n${(summary ?? 'No summary.').toWellFormed()}`;
}
