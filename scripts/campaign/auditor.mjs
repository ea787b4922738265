import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsup';

const CORE = fileURLToPath(new URL('../../packages/core/', import.meta.url));
// Inside the package, so that its dependencies are found.
const BUILT = join(CORE, 'node_modules/.cache/taskloom-campaign');

/**
 * The audit that core's own tests use, from the sources as they stand: it folds every log and holds it against the rows.
 *
 * @returns {Promise<{ auditDatabase: (path: string) => Promise<AuditReport>, readJobs: (path: string) => Promise<readonly StoredJob[]>, copyOfDead: (path: string, folder: string) => Promise<string> }>}
 */
export async function loadAuditor() {
  const outDir = join(BUILT, String(process.pid));
  mkdirSync(outDir, { recursive: true });
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    config: false,
    entry: ['audit', 'copy-of-dead'].map((name) => join(CORE, 'test/helpers', `${name}.ts`)),
    tsconfig: join(CORE, 'tsconfig.json'),
    format: 'esm',
    target: 'node20',
    external: [/^[^./]/],
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    silent: true,
  });
  const [{ auditDatabase, readJobs }, { copyOfDead }] = await Promise.all(
    ['audit', 'copy-of-dead'].map((name) => import(pathToFileURL(join(outDir, `${name}.mjs`)).href)),
  );
  return { auditDatabase, copyOfDead, readJobs: async (path) => (existsSync(path) ? readJobs(path).catch(nothingYet) : []) };
}

/** A process may die before it has made the tables. */
function nothingYet(error) {
  if (/no such table/.test(error.message)) return [];
  throw error;
}

/** @typedef {{ jobs: number, tasks: number, events: number, open: readonly string[], ended: readonly string[] }} AuditReport */
/** @typedef {{ spec: { id: string }, row: { status: string }, tasks: readonly { spec: TaskSpec, row: { status: string } }[] }} StoredJob */
/** @typedef {{ key: string, agent: string | null, dependencies: readonly { on: number, mode?: string }[] }} TaskSpec */
