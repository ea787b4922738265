import { reportFromFacts } from './report-from-facts.js';
import { analyseBatch, BATCH_MAX_FILES } from '../files/analyse-batch.js';
import { deepLook } from '../files/deep-look.js';
import { listFiles } from '../files/list-files.js';
import { countTouches } from '../git/count-touches.js';
import { identifyRepository } from '../git/identify-repository.js';
import { readHistory } from '../git/read-history.js';
import type { Since } from '../git/since.js';
import { mapLimited } from '../map-limited.js';
import { mergeBatches } from '../merge-batches.js';
import { filesForDeepLook } from '../rank-files.js';
import type { Report } from '../report.js';

export interface ReportOptions {
  readonly since?: Since | null;
  readonly leaveOut?: readonly string[];
  readonly generatedAt?: Date;
  readonly signal?: AbortSignal;
}

/** What the workflow does, one function after the other: for tests of the numbers, and to compare a workflow's report with. */
export async function reportWithoutEngine(root: string, options: ReportOptions = {}): Promise<Report> {
  const { since = null, leaveOut = [], signal, generatedAt = new Date(0) } = options;
  const identity = await identifyRepository(root, signal);
  const range = identity.commit === null ? null : { root: identity.root, commit: identity.commit, since };
  const [files, history, touches] = await Promise.all([
    listFiles(identity.root, { leaveOut, signal }),
    range && readHistory(range, signal),
    range === null ? [] : countTouches(range, signal),
  ]);
  const batches = await mapLimited(batchesOf(files.paths), 2, async (paths) => analyseBatch({ root: identity.root, paths }, signal));
  const inventory = mergeBatches(batches, files.closed);
  const looks = await mapLimited(filesForDeepLook(inventory.texts), 2, async ({ path }) => deepLook({ root: identity.root, path }, signal));
  const deepLooks = looks.filter((look) => look !== null);
  return reportFromFacts({ identity, since, inventory, history, touches, deepLooks, generatedAt });
}

function batchesOf(paths: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(paths.length / BATCH_MAX_FILES) }, (_, index) =>
    paths.slice(index * BATCH_MAX_FILES, (index + 1) * BATCH_MAX_FILES),
  );
}
