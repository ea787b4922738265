/*
 * What a successful run depended on and what it wrote, kept between runs: when nothing of it has changed, the next run has
 * nothing to do and need not even load the compiler.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { EmittedFile } from '../emitter/emitter.js';
import { listingOf } from '../project/folders.js';
import type { RunInputs } from '../project/run-inputs.js';
import { compareFiles, isSame } from './compare-files.js';
import { hashOf, isUnchanged, stampOf, type FileStamp } from './file-stamp.js';

/** What a run is told apart by. */
export interface RunIdentity {
  /** The generator's build. */
  readonly generator: string;
  readonly directory: string;
  readonly asked: string;
}

export interface RunRecord extends RunIdentity {
  readonly outDir: string;
  readonly inputs: { readonly [path: string]: FileStamp };
  readonly folders: { readonly [path: string]: string };
  readonly outputs: { readonly [path: string]: string };
  /** For the summary. */
  readonly agents: number;
  readonly workflows: number;
}

/** The record of the last run, if nothing it depended on has changed since, and nothing it wrote. */
export function currentRecord(identity: RunIdentity): RunRecord | null {
  const record = readRecord(identity);
  if (!record || record.generator !== identity.generator || record.directory !== identity.directory || record.asked !== identity.asked)
    return null;
  const outputs = Object.entries(record.outputs).map(([path, hash]) => ({ path, hash }));
  const isCurrent =
    Object.entries(record.inputs).every(([path, stamp]) => isUnchanged(path, stamp)) &&
    Object.entries(record.folders).every(([path, listing]) => listingOf(path) === listing) &&
    isSame(compareFiles(record.outDir, outputs));
  return isCurrent ? record : null;
}

/** What there is to remember of a run. */
export interface FinishedRun {
  readonly outDir: string;
  readonly inputs: RunInputs;
  readonly files: readonly EmittedFile[];
  readonly agents: number;
  readonly workflows: number;
}

/** Keeps what a run depended on. A file that changed while the run was on leaves no record: who knows which half was read. */
export function keepRecord(identity: RunIdentity, { inputs, files, ...rest }: FinishedRun, startedAtMs: number): void {
  const stamps: { [path: string]: FileStamp } = {};
  for (const path of inputs.files) {
    const stamp = stampOf(path);
    if (!stamp || stamp.modifiedAtMs >= startedAtMs) return;
    stamps[path] = stamp;
  }
  const record: RunRecord = {
    ...identity,
    ...rest,
    inputs: stamps,
    folders: Object.fromEntries(inputs.folders.flatMap((folder) => [[folder, listingOf(folder) ?? '']])),
    outputs: Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)])),
  };
  const path = recordPath(identity);
  if (path === null) return;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(record));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // Without a record the next run does the whole work; that is all there is to lose.
  }
}

function readRecord(identity: RunIdentity): RunRecord | null {
  const path = recordPath(identity);
  if (path === null) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch {
    return null;
  }
}

/** In the nearest `node_modules`, where tools keep what may be thrown away; nowhere when there is none. */
function recordPath({ directory, asked }: RunIdentity): string | null {
  let folder = directory;
  while (!existsSync(join(folder, 'node_modules'))) {
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return join(folder, 'node_modules', '.cache', 'taskloom-codegen', `${hashOf(`${directory}|${asked}`).slice(0, 16)}.json`);
}
