import { openRunner, type RunReport, type Runner } from '@taskloom/codegen/run';
import { watch } from 'chokidar';
import { dirname } from 'node:path';

import { generatorOptions } from '../commands/generator-arguments.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ProjectRun } from './run-for-project.js';

export interface WatchEvents {
  readonly done: (report: RunReport, tookMs: number) => void;
  readonly failed: (error: unknown) => void;
  /** Everything so far has been seen to; the next change starts a run. */
  readonly waiting: () => void;
}

/** Changes that come together are one: editors write several files, and some of them twice. */
const GATHER_MS = 20;
const NO_SOURCES = /[\\/](?:node_modules|\.[^\\/.][^\\/]*|dist)(?:[\\/]|$)/;

/** Generates now and after every change of the project's files, until the terminal says stop. */
export async function watchProject(given: ProjectRun, terminal: Terminal, events: WatchEvents): Promise<void> {
  const configPath = findConfig(terminal.directory, given.config);
  const loaded = await loadConfig(configPath, terminal.directory);
  const folder = dirname(generatorOptions(given, loaded, terminal.directory).project!);
  let changed = new Set<string>();
  let wake: () => void = () => {};
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => NO_SOURCES.test(path.slice(folder.length)) });
  watcher.on('all', (_event, path) => {
    if (!/\.(?:[cm]?tsx?|json|[cm]?js)$/.test(path)) return;
    changed.add(path.replaceAll('\\', '/'));
    wake();
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  const stopped = terminal.stopped().then(() => 'stopped' as const);

  let runner: Runner | null = null;
  /** What the last run wrote: seeing it change is no news. */
  let written: ReadonlySet<string> = new Set();
  let outcome: 'changed' | 'stopped' = 'changed';
  while (outcome === 'changed') {
    const paths: string[] = [...changed];
    changed = new Set();
    const startedAtMs = terminal.nowMs();
    // Another configuration may be another project.
    const isConfigured = paths.some((path) => /[\\/]taskloom\.config\.[cm]?[jt]s$/.test(path));
    const work: Promise<'done'> = (async () => {
      try {
        runner = isConfigured || runner === null ? await open() : runner;
        const report = await runner.run(paths.filter((path) => !written.has(path)));
        written = new Set([...report.difference.missing, ...report.difference.changed].map((path) => `${report.outDir}/${path}`));
        events.done(report, terminal.nowMs() - startedAtMs);
      } catch (error) {
        events.failed(error);
      }
      return 'done' as const;
    })();
    // A run that hangs must not keep the command.
    if ((await Promise.race([work, stopped])) === 'stopped') break;
    events.waiting();
    outcome = await Promise.race([nextChange(), stopped]);
  }
  await watcher.close();

  async function open(): Promise<Runner> {
    const { config, ...rest } = await loadConfig(configPath, terminal.directory);
    const filter = given.filter === undefined ? undefined : { filter: given.filter };
    return openRunner({ ...generatorOptions(given, { config, ...rest }, terminal.directory), ...filter });
  }

  function nextChange(): Promise<'changed'> {
    return new Promise((resolve) => {
      wake = () => {
        if ([...changed].every((path) => written.has(path))) return;
        wake = () => {};
        setTimeout(resolve, GATHER_MS, 'changed');
      };
      wake();
    });
  }
}
