import { languageNamed, languageOf } from './files/language-of.js';
import { formatCount, formatPlural, formatShare } from './format-number.js';
import type { Inventory } from './merge-batches.js';
import type { History } from './git/read-history.js';
import { readablePath } from './paths/path-text.js';
import type { Hotspot, Risk } from './report.js';

/** How long a report's summary may be, in UTF-16 units as `String.length` counts. */
export const SUMMARY_MAX_LENGTH = 1200;

/** Names in sentences are cut beyond this, so that the three parts always fit together. */
const NAME_MAX_LENGTH = 200;

/** What the story Inventory says upward: size and languages. At most some 400 characters. */
export function summariseInventory(inventory: Inventory): string {
  const [top] = inventory.languages;
  if (inventory.files === 0) return 'There are no files.';
  const size = `${formatPlural(inventory.files, 'file')} with ${formatPlural(inventory.lines, 'line')}`;
  if (top === undefined) return `${size}, none of them text.`;
  const share = formatShare(top.lines, inventory.lines);
  const code = inventory.languages.find(({ language }) => languageNamed(language).kind === 'code');
  const leader = code === undefined || code === top ? '' : `, the top programming language ${code.language}`;
  return `${size}; the top language is ${top.language} (${share})${leader}.`;
}

/** What the story History says upward: how much, and who. At most some 500 characters. `reason` says why there is no history. */
export function summariseHistory(history: History | null, reason: string | null): string {
  if (history === null) return `No history: ${reason ?? 'none was read'}.`;
  const [top] = history.authors;
  if (top === undefined) return 'No commits in the time asked for.';
  const commits = formatPlural(history.commits, 'commit');
  const name = clip(top.name === '' ? top.email : top.name);
  if (history.authors.length === 1) return `${commits}, all by ${name}.`;
  const share = formatShare(top.commits, history.commits);
  return `${commits} by ${formatPlural(history.authors.length, 'author')}; the most active is ${name} (${formatCount(top.commits)}, ${share}).`;
}

/** What the story Risks says upward: the top hotspot, the first one in code beside it, and how many risks there are. At most some 600 characters. */
export function summariseRisks(hotspots: readonly Hotspot[], risks: readonly Risk[]): string {
  const [top] = hotspots;
  const code = hotspots.find(({ path }) => languageOf(path).kind === 'code');
  const inCode = code === undefined || code === top ? '' : `, in code ${describeHotspot(code)}`;
  const hotspot = top === undefined ? '' : `The top hotspot is ${describeHotspot(top)}${inCode}. `;
  if (risks.length === 0) return `${hotspot}No rule found a risk.`;
  const levels = (['high', 'medium', 'low'] as const)
    .map((level) => ({ level, count: risks.filter((risk) => risk.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${count} ${level}`);
  return `${hotspot}${formatPlural(risks.length, 'risk')} found: ${levels.join(', ')}.`;
}

function describeHotspot({ path, commits, lines }: Hotspot): string {
  return `${clip(readablePath(path))} (${formatPlural(commits, 'commit')} on ${formatPlural(lines, 'line')})`;
}

/** The report's summary, from what the stories said upward; at most 1,200 characters. */
export function writeSummary(name: string, stories: readonly string[]): string {
  const text = `${clip(name)}: ${stories.filter((story) => story !== '').join(' ')}`;
  return text.length <= SUMMARY_MAX_LENGTH ? text : `${text.slice(0, SUMMARY_MAX_LENGTH - 1)}…`.toWellFormed();
}

/** Keeps both ends of a long name; no character is cut in two. */
function clip(name: string): string {
  if (name.length <= NAME_MAX_LENGTH) return name;
  const half = NAME_MAX_LENGTH / 2;
  const start = name.slice(0, half).replace(/[\ud800-\udbff]$/, '');
  const end = name.slice(1 - half).replace(/^[\udc00-\udfff]/, '');
  return `${start}…${end}`;
}
