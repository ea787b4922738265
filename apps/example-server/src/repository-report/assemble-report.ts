import type { DeepLook } from './files/deep-look.js';
import type { RepositoryIdentity } from './git/identify-repository.js';
import type { History } from './git/read-history.js';
import type { Since } from './git/since.js';
import type { Inventory } from './merge-batches.js';
import { readablePath } from './paths/path-text.js';
import { byLines, rankLargestFiles } from './rank-files.js';
import type { Hotspot, Report, Risk } from './report.js';

/** What the agents found out, for one report. */
export interface ReportParts {
  readonly identity: RepositoryIdentity;
  readonly since: Since | null;
  readonly inventory: Inventory;
  /** Null where there is no history to read. */
  readonly history: History | null;
  readonly deepLooks: readonly DeepLook[];
  readonly hotspots: readonly Hotspot[];
  readonly risks: Risk[];
  readonly summary: string;
  readonly generatedAt: Date;
}

/** Puts a report together. Pure, and the same for the same parts. */
export function assembleReport({ identity, inventory, history, hotspots, risks, summary, since, ...parts }: ReportParts): Report {
  const authors = history?.authors ?? [];
  return {
    repository: {
      name: identity.name,
      root: identity.root,
      commit: identity.commit,
      branch: identity.branch,
      generatedAt: parts.generatedAt.toISOString(),
      since,
      subdirectory: identity.subdirectory,
    },
    totals: {
      files: inventory.files,
      lines: inventory.lines,
      bytes: inventory.bytes,
      commits: history?.commits ?? 0,
      authors: authors.length,
      binaryFiles: inventory.binaries.length,
      unreadableFiles: inventory.unreadable.length,
    },
    languages: inventory.languages,
    authors,
    hotspots: hotspots.map(withReadablePath),
    largestFiles: rankLargestFiles(inventory.texts).map(withReadablePath),
    todos: inventory.todos.map(withReadablePath),
    deepLooks: [...parts.deepLooks].sort(byLines).map(withReadablePath),
    risks,
    summary,
  };
}

function withReadablePath<Row extends { readonly path: string }>(row: Row): Row {
  return { ...row, path: readablePath(row.path) };
}
