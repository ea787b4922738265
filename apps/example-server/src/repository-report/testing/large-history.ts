import type { ThrowAwayDirectory } from './throw-away-repository.js';

/** How large a history to make. */
export interface LargeHistoryOptions {
  readonly files?: number;
  readonly commits?: number;
}

const START = Date.UTC(2015, 0, 1) / 1000;
const HOUR = 3600;
const EXTENSIONS = ['ts', 'py', 'go', 'md', 'json', 'c'];

/**
 * Makes a repository at `root` with `git fast-import`, always the same: many files in directories, a few of them hot, one above 2,000 lines, one
 * binary, an odd path or two, markers, merges, thirty authors. Takes about two seconds for the 2,000 files and 10,000 commits it makes by default.
 */
export function largeHistory(place: ThrowAwayDirectory, root: string, options: LargeHistoryOptions = {}): void {
  const { files = 2000, commits = 10_000 } = options;
  place.git(['init', '--quiet', '--initial-branch=main', root]);
  place.git(['-C', root, 'fast-import', '--quiet'], { input: Buffer.from([...stream(files, commits)].join(''), 'utf8') });
  place.git(['-C', root, 'reset', '--quiet', '--hard']);
}

function* stream(files: number, commits: number): Generator<string> {
  const paths = Array.from({ length: files }, (_, index) => pathOf(index));
  yield commitHead(1, 0);
  for (const [index, path] of paths.entries()) yield fileChange(path, contentOf(index, 0));
  for (let number = 2; number <= commits; number++) {
    const isMerge = number % 20 === 0;
    yield commitHead(number, (number * number) % 30);
    yield `from :${number - 1}\n`;
    if (isMerge) yield `merge :${number - 2}\n`;
    else {
      // Low numbers come up far more often: these files are hot.
      const chosen = Math.floor(files * ((number * 7919) % 1000) ** 3 * 1e-9);
      yield fileChange(paths[chosen] as string, contentOf(chosen, number));
    }
  }
}

function commitHead(number: number, author: number): string {
  const when = `${START + number * HOUR} +0100`;
  const message = `change ${number}`;
  const name = `Author ${author} <author${author}@example.com>`;
  return `commit refs/heads/main\nmark :${number}\nauthor ${name} ${when}\ncommitter ${name} ${when}\ndata ${message.length}\n${message}\n`;
}

function fileChange(path: string, content: string): string {
  return `M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}

function pathOf(index: number): string {
  if (index === 7) return 'odd/with space "quoted" <b>.ts';
  if (index === 8) return 'odd/größe-名前.py';
  return `src/part-${index % 40}/file-${index}.${EXTENSIONS[index % EXTENSIONS.length]}`;
}

function contentOf(index: number, version: number): string {
  if (index === 5) return `\0binary ${version}`;
  const lines = index === 3 ? 2100 : 20 + ((index * 37) % 180);
  const body = Array.from({ length: lines }, (_, line) => (line % 10 === 0 ? `function f${line}() {` : `  call(${line}, ${version});`));
  if (index % 25 === 0) body.push('// TODO: tidy this up', '// not a TODOs');
  return body.join('\n') + (index % 3 === 0 ? '' : '\n');
}
