import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toMarkdown } from './markdown.mjs';

const RESULTS = new URL('../results/', import.meta.url);
const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
const BEGIN = '<!-- latest result: written by `npm run bench -- --docs` -->';
const END = '<!-- end of the latest result -->';

/**
 * Writes the result as JSON and as Markdown, named by when and what was measured.
 *
 * @param {import('./markdown.mjs').Result} result
 * @returns {string} the Markdown file's path
 */
export function writeResult(result) {
  const { date, commit } = result.facts;
  const name = `${date.slice(0, 16).replace(':', '').replace('T', '-')}-${commit.replaceAll(' ', '-')}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
  const file = new URL(`${name}.md`, RESULTS);
  writeFileSync(file, `# Result\n\n${toMarkdown(result)}\n`);
  return fileURLToPath(file);
}

/** Puts the result into docs/benchmarks.md. @param {import('./markdown.mjs').Result} result */
export function writeToDocs(result) {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/benchmarks.md has no place for the result: it is marked by ${BEGIN} and ${END}.`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${toMarkdown(result)}\n\n${page.slice(end)}`);
}
