import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sinceInSeconds } from '../repository-report/git/since.js';
import { ReportError } from '../repository-report/report-error.js';

/** What a person asked for on the command line. */
export interface Arguments {
  /** Absolute. */
  readonly root: string;
  /** Absolute. */
  readonly outDir: string;
  readonly since: string | null;
  readonly once: boolean;
  /** `null`: not given; 0: any. */
  readonly port: number | null;
  /** Absolute path of a file that notes every start of an agent. */
  readonly journal: string | null;
  /** Absolute path of the audit file. */
  readonly audit: string | null;
}

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm start -- [PATH] [--once] [--out DIR] [--port N] [--since DATE]

Analyses the directory PATH (default: where you stand) with the workflow "repository-report" and serves its GraphQL API.

  --once          exit when the report is written: 0, or 1 with the reason
  --out DIR       where report.json, report.md and report.html go (default ./taskloom-report)
  --port N        port of the GraphQL API on 127.0.0.1; 0 takes any (default 4000; with --once any free one)
  --since DATE    count only commits from this ISO date on
  --journal FILE  note the start of every attempt in FILE
  --audit FILE    write every event of every job to FILE, as JSON Lines
  --help          show this

State is kept in ./.taskloom: a run that is killed goes on where it was.`;

/**
 * Reads the arguments; paths are taken from `cwd`.
 *
 * @returns `'help'` when that was asked for
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], cwd: string): Arguments | 'help' {
  const { values, positionals } = parse(args);
  if (values.help === true) return 'help';
  if (positionals.length > 1) throw new UsageError(`One path at most; these are ${positionals.length}: ${positionals.join(', ')}.`);
  return {
    root: resolve(cwd, notEmpty('the path to report on', positionals[0] ?? '.')),
    outDir: resolve(cwd, notEmpty('--out', values.out ?? 'taskloom-report')),
    since: values.since === undefined ? null : sinceOf(values.since),
    once: values.once ?? false,
    port: values.port === undefined ? null : portOf(values.port),
    journal: values.journal === undefined ? null : resolve(cwd, notEmpty('--journal', values.journal)),
    audit: values.audit === undefined ? null : resolve(cwd, notEmpty('--audit', values.audit)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: { type: 'boolean' },
        out: { type: 'string' },
        port: { type: 'string' },
        since: { type: 'string' },
        journal: { type: 'string' },
        audit: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Nobody means the directory they stand in by '': it comes from a variable that is not set. */
function notEmpty(what: string, path: string): string {
  if (path === '') throw new UsageError(`An empty text was given for ${what}; give a path.`);
  return path;
}

function sinceOf(text: string): string {
  try {
    sinceInSeconds(text);
    return text;
  } catch (error) {
    throw error instanceof ReportError ? new UsageError(`--since: ${error.message}`) : error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port ${text}: a port is a whole number from 0 to 65535.`);
  return port;
}
