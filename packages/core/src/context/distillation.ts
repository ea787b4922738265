import type { TaskStatus } from '../model/task.js';
import { cutText } from './cut-text.js';

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
/** A part shorter than this says nothing; it is left out and counted instead. */
const LEAST_CHARS = 40;

/**
 * Puts summaries together within a budget of characters. Each part may use an equal share; what short parts leave over
 * goes to the long ones. Parts that do not fit at all are counted in a last line.
 */
export function distill(parts: readonly DistillationPart[], budget: number): Distillation {
  const sections = parts.map((part) => ({ key: part.key, text: sectionOf(part) }));
  const whole = sections.map(({ text }) => text).join(SEPARATOR);
  if (whole.length <= budget) return { text: whole, cut: [] };

  const room = Math.max(0, Math.floor((budget - TAIL_CHARS) / (LEAST_CHARS + SEPARATOR.length)));
  const kept = sections.slice(0, room);
  const left = sections.slice(room);
  const available = budget - (left.length > 0 ? TAIL_CHARS : 0) - SEPARATOR.length * kept.length;
  const shares = fairShares(
    kept.map(({ text }) => text.length),
    available,
  );
  const texts = kept.map(({ text }, index) => cutText(text, shares[index]!));
  const cut = [...kept.filter(({ text }, index) => text.length > shares[index]!), ...left].map(({ key }) => key);
  const tail = left.length > 0 ? [`(${left.length} more tasks are left out.)`] : [];
  return { text: cutText([...texts, ...tail].join(SEPARATOR), budget), cut };
}

const TAIL_CHARS = 50;

function sectionOf({ name, status, summary }: DistillationPart): string {
  return `## ${name} (${status.toLowerCase()})\n${summary ?? 'No summary.'}`;
}

/** Shares of `total` for the wished sizes: nobody gets more than wished, and what is left is shared evenly by the others. */
export function fairShares(wishes: readonly number[], total: number): number[] {
  const shares = new Array<number>(wishes.length).fill(0);
  const order = wishes.map((_, index) => index).sort((a, b) => wishes[a]! - wishes[b]!);
  let left = Math.max(0, total);
  order.forEach((index, position) => {
    const share = Math.min(wishes[index]!, Math.floor(left / (order.length - position)));
    shares[index] = share;
    left -= share;
  });
  return shares;
}
