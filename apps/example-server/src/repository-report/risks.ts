import { languageNamed } from './files/language-of.js';
import type { DeepLook } from './files/deep-look.js';
import type { PathTouches } from './git/count-touches.js';
import type { Author } from './git/read-history.js';
import { formatBytes, formatShare } from './format-number.js';
import type { Inventory } from './merge-batches.js';
import { compareInByteOrder } from './paths/byte-order.js';
import { readablePath } from './paths/path-text.js';
import type { Hotspot, Risk } from './report.js';

/** All that the rules look at. Without history `authors`, `touches` and `hotspots` are empty and `commits` is 0. */
export interface RiskFacts {
  readonly inventory: Inventory;
  readonly deepLooks: readonly DeepLook[];
  readonly commits: number;
  readonly authors: readonly Author[];
  readonly touches: readonly PathTouches[];
  readonly hotspots: readonly Hotspot[];
  /** Whether the repository holds only the newest part of its history. */
  readonly shallow: boolean;
}

/** What a rule found about one path; the largest number comes first. */
interface Finding {
  readonly level: Risk['level'];
  readonly path: string;
  readonly number: number;
  readonly detail: string;
}

interface Rule {
  readonly title: string;
  /** More findings than this are told in one last entry. */
  readonly listedMax: number;
  /** What one finding is, in the plural, for that entry. */
  readonly things: string;
  readonly find: (facts: RiskFacts) => readonly Finding[];
}

const LONG_CODE_LINES = 5000;
const LONG_BLOCK_LINES = 1000;
const LONE_HOTSPOT_COMMITS = 5;
const LONE_HOTSPOT_SCORE = 500;
const LEFT_AFTER_DAYS = 365;
const SOLE_KNOWLEDGE_FILES = 20;
const DENSE_TODOS = 5;
const VERY_MANY_TODOS = 20;
const DENSE_TODO_LINES = 50;
const LARGE_BINARY_BYTES = 1_000_000;
const VERY_LARGE_BINARY_BYTES = 10_000_000;
/** From here hosting services begin to warn. */
const HUGE_BINARY_BYTES = 50_000_000;
const DAY_MS = 86_400_000;

/** The rules, in the order their findings are listed in within one level. Numbers in details are plain digits, for programs to find. */
const RULES: readonly Rule[] = [
  { title: 'Very long file', listedMax: 20, things: 'files above 2000 lines', find: longFiles },
  { title: 'Hotspot known to one person', listedMax: 5, things: 'hotspots with one author', find: loneHotspots },
  { title: 'Hotspot whose main author is gone', listedMax: 5, things: 'hotspots whose main author is gone', find: orphanedHotspots },
  { title: 'Knowledge in one head', listedMax: 1, things: 'people', find: soleKnowledge },
  { title: 'Large binary file', listedMax: 10, things: 'large binary files', find: largeBinaries },
  { title: 'Dense in TODO markers', listedMax: 5, things: 'files dense in markers', find: denseTodos },
  { title: 'Markers left out of the list', listedMax: 1, things: 'files', find: leftOutTodos },
  { title: 'File could not be read', listedMax: 5, things: 'unreadable files', find: unreadableFiles },
  { title: 'Directory could not be read', listedMax: 5, things: 'unreadable directories', find: closedDirectories },
  { title: 'History is cut off', listedMax: 1, things: 'histories', find: cutHistory },
];

const LEVELS: readonly Risk['level'][] = ['high', 'medium', 'low'];

/** Applies the rules. High ones first, then in the order of the rules, then by their number and path; empty when none applies. */
export function findRisks(facts: RiskFacts): Risk[] {
  const risks = RULES.flatMap((rule) => risksOf(rule, facts));
  return LEVELS.flatMap((level) => risks.filter((risk) => risk.level === level));
}

function risksOf(rule: Rule, facts: RiskFacts): Risk[] {
  const found = [...rule.find(facts)].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.number - a.number || compareInByteOrder(a.path, b.path),
  );
  const listed = found.slice(0, rule.listedMax).map(({ level, detail }) => ({ level, title: rule.title, detail }));
  const next = found[rule.listedMax];
  if (next === undefined || rule.listedMax === 1) return listed;
  const more = found.length - rule.listedMax;
  return [...listed, { level: next.level, title: rule.title, detail: `${more} more ${rule.things}. The next: ${next.detail}` }];
}

function longFiles({ inventory, deepLooks }: RiskFacts): Finding[] {
  const languages = new Map(inventory.texts.map(({ path, language }) => [path, language]));
  return deepLooks.map(({ path, lines, longestBlockLines }) => {
    const isCode = languageNamed(languages.get(path) ?? '').kind === 'code';
    const isVeryLong = lines > LONG_CODE_LINES || longestBlockLines > LONG_BLOCK_LINES;
    const block = longestBlockLines > 0 ? `; its longest block takes ${longestBlockLines}` : '';
    const detail = `${shown(path)} has ${lines} lines${block}.`;
    return { level: !isCode ? 'low' : isVeryLong ? 'high' : 'medium', path, number: lines, detail };
  });
}

function loneHotspots({ hotspots, inventory, authors }: RiskFacts): Finding[] {
  const languages = new Map(inventory.texts.map(({ path, language }) => [path, language]));
  return hotspots
    .filter((spot) => spot.authors === 1 && spot.commits >= LONE_HOTSPOT_COMMITS && spot.score >= LONE_HOTSPOT_SCORE)
    .map(({ path, commits, lines, score, mainAuthor }) => {
      const isCode = languageNamed(languages.get(path) ?? '').kind === 'code';
      const detail = `${shown(path)} (${lines} lines) was changed in ${commits} commits, all by ${mainAuthor}.`;
      return { level: isCode && authors.length > 1 ? 'medium' : 'low', path, number: score, detail };
    });
}

/** "Gone" is told from the history alone, not from today's date: a year passed in it without a commit of theirs. */
function orphanedHotspots({ hotspots, authors }: RiskFacts): Finding[] {
  const lastByEmail = new Map(authors.map(({ email, lastCommit }) => [email, Date.parse(lastCommit)]));
  const newest = [...lastByEmail.values()].reduce((a, b) => Math.max(a, b), 0);
  return hotspots.flatMap(({ path, commits, score, mainAuthor, authors: people }): Finding[] => {
    const last = lastByEmail.get(mainAuthor);
    if (last === undefined || commits < LONE_HOTSPOT_COMMITS || people === 1) return [];
    const days = Math.floor((newest - last) / DAY_MS);
    if (days <= LEFT_AFTER_DAYS) return [];
    const detail = `${shown(path)} (${commits} commits): ${mainAuthor}, who changed it most, made their last commit ${days} days before the newest one.`;
    return [{ level: 'low', path, number: score, detail }];
  });
}

function soleKnowledge({ touches, authors, inventory }: RiskFacts): Finding[] {
  if (authors.length < 2) return [];
  const lines = new Map(inventory.texts.map((file) => [file.path, file.lines]));
  const changed = touches.filter(({ path }) => lines.has(path));
  if (changed.length < SOLE_KNOWLEDGE_FILES) return [];
  const alone = new Map<string, PathTouches[]>();
  for (const touch of changed.filter((one) => one.authors === 1)) {
    const theirs = alone.get(touch.mainAuthor);
    if (theirs === undefined) alone.set(touch.mainAuthor, [touch]);
    else theirs.push(touch);
  }
  return [...alone].flatMap(([email, files]): Finding[] => {
    if (files.length * 2 <= changed.length) return [];
    const longest = files.reduce((a, b) => ((lines.get(b.path) ?? 0) > (lines.get(a.path) ?? 0) ? b : a));
    const share = formatShare(files.length, changed.length);
    const detail = `${email} alone has changed ${files.length} of ${changed.length} files (${share}), the longest of them ${shown(longest.path)}.`;
    return [{ level: 'medium', path: longest.path, number: files.length, detail }];
  });
}

function largeBinaries({ inventory }: RiskFacts): Finding[] {
  return inventory.binaries
    .filter(({ bytes }) => bytes >= LARGE_BINARY_BYTES)
    .map(({ path, bytes }) => {
      const level = bytes >= HUGE_BINARY_BYTES ? 'high' : bytes >= VERY_LARGE_BINARY_BYTES ? 'medium' : 'low';
      return { level, path, number: bytes, detail: `${shown(path)} takes ${formatBytes(bytes)} (${bytes} bytes).` };
    });
}

function denseTodos({ inventory }: RiskFacts): Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of inventory.todos) counts.set(path, (counts.get(path) ?? 0) + 1);
  return inventory.texts.flatMap(({ path, lines }): Finding[] => {
    const todos = counts.get(path) ?? 0;
    if (todos < DENSE_TODOS || todos * DENSE_TODO_LINES < lines) return [];
    const detail = `${shown(path)} has ${todos} markers in ${lines} lines.`;
    return [{ level: todos >= VERY_MANY_TODOS ? 'medium' : 'low', path, number: todos, detail }];
  });
}

function leftOutTodos({ inventory }: RiskFacts): Finding[] {
  if (inventory.todosLeftOut === 0) return [];
  const counts = new Map<string, number>();
  for (const { path } of inventory.todos) counts.set(path, (counts.get(path) ?? 0) + 1);
  const [[path, todos] = ['', 0]] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || compareInByteOrder(a, b));
  const detail = `${inventory.todosLeftOut} markers beyond the listed ones are only counted; most of the listed ones (${todos}) are in ${shown(path)}.`;
  return [{ level: 'low', path, number: inventory.todosLeftOut, detail }];
}

function unreadableFiles({ inventory }: RiskFacts): Finding[] {
  return inventory.unreadable.map(({ path, bytes, reason }) => {
    const detail = `${shown(path)} (${bytes} bytes) could not be read: ${reason}. Its lines are not counted.`;
    return { level: 'medium', path, number: bytes, detail };
  });
}

function closedDirectories({ inventory }: RiskFacts): Finding[] {
  const number = inventory.closedDirectories.length;
  return inventory.closedDirectories.map(({ path, reason }) => {
    return { level: 'medium', path, number, detail: `${shown(path)} could not be read: ${reason}. 0 of its files are counted.` };
  });
}

function cutHistory({ shallow, commits }: RiskFacts): Finding[] {
  if (!shallow) return [];
  const detail = `.git/shallow: this clone holds only ${commits} commits, so authors and hotspots show the newest part of the history. "git fetch --unshallow" brings the rest.`;
  return [{ level: 'low', path: '.git/shallow', number: commits, detail }];
}

function shown(path: string): string {
  return readablePath(path);
}
