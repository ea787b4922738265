import type { Hotspot } from '../report.js';
import type { BatchStats, TextFile, Todo } from '../files/analyse-batch.js';
import type { PathTouches } from '../git/count-touches.js';
import type { Author } from '../git/read-history.js';
import { mergeBatches, type Inventory } from '../merge-batches.js';
import type { RiskFacts } from '../risks.js';

/** Parts of a report for tests: each with values that matter to no rule, unless told otherwise. */
export const exampleBatch = (given: Partial<BatchStats> = {}): BatchStats => ({
  texts: [],
  binaries: [],
  unreadable: [],
  gone: [],
  todos: [],
  todosLeftOut: 0,
  ...given,
});

export const exampleInventory = (given: Partial<BatchStats> = {}): Inventory => mergeBatches([exampleBatch(given)]);

export const exampleText = (path: string, lines = 10, language = 'TypeScript'): TextFile => ({ path, language, lines, bytes: lines * 20 });

export const exampleTodos = (path: string, count: number): Todo[] =>
  Array.from({ length: count }, (_, index) => ({ path, line: index + 1, tag: 'TODO', text: '// TODO: example' }));

export const exampleAuthor = (email: string, lastCommit = '2024-01-01T00:00:00.000Z'): Author => ({
  name: email.replace(/@.*/, ''),
  email,
  commits: 10,
  firstCommit: '2020-01-01T00:00:00.000Z',
  lastCommit,
});

export const exampleTouches = (path: string, given: Partial<PathTouches> = {}): PathTouches => ({
  path,
  commits: 3,
  authors: 2,
  mainAuthor: 'ada@example.com',
  ...given,
});

export const exampleHotspot = (path: string, given: Partial<Hotspot> = {}): Hotspot => {
  const { commits = 3, lines = 10 } = given;
  return { path, commits, lines, score: commits * lines, authors: 2, mainAuthor: 'ada@example.com', ...given };
};

export const exampleFacts = (given: Partial<RiskFacts> = {}): RiskFacts => ({
  inventory: exampleInventory(),
  deepLooks: [],
  commits: 0,
  authors: [],
  touches: [],
  hotspots: [],
  shallow: false,
  ...given,
});
