import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomFrom } from '../workloads/random.mjs';

const SEED = 20_251_121;
const BEGAN_AT = 1_600_000_000;
const SECONDS_BETWEEN_COMMITS = 7_200;
const LANGUAGES = ['ts', 'ts', 'ts', 'py', 'go', 'md', 'json', 'css'];
const FOLDERS = 40;
const AUTHORS = 25;
const MOST_LINES = 400;
const LONG_FILES = 3;
const LONG_FILE_LINES = 2_500;
const FILES_PER_COMMIT = 4;

/**
 * Writes a repository of a given size with `git fast-import` and checks it out: files in folders and several languages,
 * a few of them long, some with TODOs, a history of many authors in which some files change far more often than others.
 * The same for the same size.
 *
 * @param {string} folder an empty one
 * @param {{ files: number, commits: number }} size
 */
export async function writeRepository(folder, { files, commits }) {
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  await git(folder, ['fast-import', '--quiet'], (write) => writeHistory(write, files, commits));
  await git(folder, ['reset', '--quiet', '--hard', 'main']);
}

async function writeHistory(write, files, commits) {
  const random = randomFrom(SEED);
  const paths = Array.from({ length: files }, (_, no) => `src/part-${no % FOLDERS}/file-${no}.${LANGUAGES[random(LANGUAGES.length)]}`);
  const lengths = paths.map((_, no) => (no < LONG_FILES ? LONG_FILE_LINES : 1 + random(MOST_LINES)));
  const perCommit = Math.ceil(files / commits);
  let added = 0;
  for (let no = 0; no < commits; no += 1) {
    const changed = new Set();
    for (let index = 0; index < perCommit && added < files; index += 1) changed.add(added++);
    // The square makes low numbers, the oldest files, the ones that change most.
    for (let index = random(FILES_PER_COMMIT); index >= 0; index -= 1)
      changed.add(Math.floor((random(1_000_000) / 1_000_000) ** 2 * added));
    await write(commitText(no, random(AUTHORS), [...changed], paths, lengths));
  }
}

function commitText(no, author, changed, paths, lengths) {
  const person = `Author ${author} <author-${author}@example.org> ${BEGAN_AT + no * SECONDS_BETWEEN_COMMITS} +0000`;
  const message = `Change ${changed.length} files (${no})`;
  const head = `commit refs/heads/main\nauthor ${person}\ncommitter ${person}\n${data(message)}`;
  return head + changed.map((file) => `M 100644 inline ${paths[file]}\n${data(contentOf(file, lengths[file], no))}`).join('');
}

/** A file as a commit leaves it: only its first line tells one version from another. */
function contentOf(file, lines, commit) {
  const body = Array.from({ length: lines - 1 }, (_, line) =>
    (file + line) % 211 === 0 ? `  // TODO look at line ${line} again` : `  const value${line} = combine(${file}, ${line});`,
  );
  return [`// version ${commit}`, ...body, ''].join('\n');
}

function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** @param {(write: (text: string) => Promise<void>) => Promise<void>} [feed] what goes to its standard input */
async function git(cwd, args, feed) {
  const child = spawn('git', args, { cwd, stdio: [feed ? 'pipe' : 'ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  if (feed) {
    await feed(async (text) => {
      if (!child.stdin.write(text)) await once(child.stdin, 'drain');
    });
    child.stdin.end();
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}.`);
}
