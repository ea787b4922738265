import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What was put to the test, and where; nothing that names the machine or its folders. */
export function readFacts() {
  const date = new Date().toISOString();
  return { date, commit: commit(), node: process.versions.node, platform: `${platform()} ${arch()}`, cores: availableParallelism() };
}

/**
 * @param {object} result
 * @param {string | null} out a file; without it a full run goes to docs/campaigns, and any other nowhere
 * @returns {string | null} where it was written, from the root of the repository
 */
export function writeResult(result, out) {
  if (out === null && !result.isFull) return null;
  const name = `${result.date.slice(0, 16).replace('T', '-').replace(':', '')}-${result.commit.replaceAll(' ', '-')}.json`;
  const file = out === null ? resolve(ROOT, 'docs/campaigns', name) : resolve(process.env.INIT_CWD ?? '.', out);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return relative(ROOT, file);
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--', 'packages/core/src', 'scripts/campaign') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
