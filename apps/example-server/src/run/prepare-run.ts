import type { Arguments } from '../cli/parse-arguments.js';
import { resolveRoot } from '../repository-report/paths/resolve-root.js';
import type { ReportInput } from '../repository-report/report.js';
import { prepareOutDir } from '../repository-report/write-report.js';
import { choosePort } from './choose-port.js';

/** A run that can begin: its directories are there and may be used, its port is free. */
export interface PreparedRun extends Pick<Arguments, 'once' | 'journal' | 'audit'> {
  readonly input: ReportInput;
  /** 0: any. */
  readonly port: number;
}

/** @throws UsageError for a port, ReportError ROOT_… or OUT_…; nothing has been made then */
export async function prepareRun({ once, journal, audit, since, ...given }: Arguments): Promise<PreparedRun> {
  const root = await resolveRoot(given.root);
  const port = await choosePort({ port: given.port, once });
  const outDir = await prepareOutDir(given.outDir);
  return { input: { root, outDir, ...(since === null ? {} : { since }) }, port, once, journal, audit };
}
