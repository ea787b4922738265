import { relative, sep } from 'node:path';

import type { Diagnostic, SourcePlace } from './diagnostic.js';

export interface FormatOptions {
  /** Paths are shown relative to this directory. */
  readonly from: string;
  /** Colours and source excerpts, as `tsc --pretty` prints them; without, one plain line and its remedy. */
  readonly pretty?: boolean;
}

const RED = '\u001B[91m';
const YELLOW = '\u001B[93m';
const CYAN = '\u001B[96m';
const GREY = '\u001B[90m';
const INVERSE = '\u001B[7m';
const RESET = '\u001B[0m';

/** Diagnostics as the compiler prints its own: `src/a.agent.ts(12,3): error CODE: message`, then what to do. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions): string {
  return diagnostics.map((item) => (options.pretty ? pretty(item, options.from) : plain(item, options.from))).join('');
}

function plain(item: Diagnostic, from: string): string {
  const where = item.place ? `${placeOf(item.place, from)}: ` : '';
  const lines = [`${where}${item.severity} ${item.code}: ${item.message}`, `  ${item.remedy}`];
  for (const { message, place } of item.related) lines.push(`  ${placeOf(place, from)}: ${message}`);
  return `${lines.join('\n')}\n`;
}

function pretty(item: Diagnostic, from: string): string {
  const colour = item.severity === 'error' ? RED : YELLOW;
  const where = item.place ? `${prettyPlace(item.place, from)} - ` : '';
  const lines = [`${where}${colour}${item.severity}${RESET} ${GREY}${item.code}:${RESET} ${item.message}`];
  if (item.place) lines.push(...excerptOf(item.place, colour));
  lines.push(`  ${item.remedy}`);
  for (const { message, place } of item.related) lines.push(`  ${prettyPlace(place, from)}: ${message}`);
  return `${lines.join('\n')}\n\n`;
}

function excerptOf(place: SourcePlace, colour: string): string[] {
  if (!place.excerpt) return [];
  const number = String(place.line);
  const { text, length } = place.excerpt;
  // A tab is one character to the compiler and to this underline.
  const shown = text.replaceAll('\t', ' ');
  const marks = '~'.repeat(Math.max(1, Math.min(length, shown.length - place.column + 1)));
  return [
    '',
    `${INVERSE}${number}${RESET} ${shown}`,
    `${INVERSE}${' '.repeat(number.length)}${RESET} ${' '.repeat(place.column - 1)}${colour}${marks}${RESET}`,
  ];
}

function placeOf(place: SourcePlace, from: string): string {
  return `${shortPath(place.file, from)}(${place.line},${place.column})`;
}

function prettyPlace(place: SourcePlace, from: string): string {
  return `${CYAN}${shortPath(place.file, from)}${RESET}:${YELLOW}${place.line}${RESET}:${YELLOW}${place.column}${RESET}`;
}

/** A path for reading: relative to `from`, with forward slashes, absolute when it lies far away. */
export function shortPath(file: string, from: string): string {
  const path = relative(from, file).split(sep).join('/');
  return path === '' ? '.' : path.startsWith('../../../') ? file : path;
}
