import { openRunner, type RunReport, type Runner } from '@taskloom/codegen/run';
import { dirname } from 'node:path';

import { generatorOptions } from '../commands/generator-arguments.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ProjectRun } from './run-for-project.js';
import { SourceWatcher } from './source-watcher.js';

export interface WatchEvents {
  readonly done: (report: RunReport, tookMs: number) => void;
  readonly failed: (error: unknown) => void;
  /** Everything so far has been seen to; the next change starts a run. */
  readonly waiting: () => void;
}

/** Generates now and after every change of the project's files, until the terminal says stop. */
export async function watchProject(given: ProjectRun, terminal: Terminal, events: WatchEvents): Promise<void> {
  const configPath = findConfig(terminal.directory, given.config);
  const loaded = await loadConfig(configPath, terminal.directory);
  const folder = dirname(generatorOptions(given, loaded, terminal.directory).project!);
  const watcher = new SourceWatcher();
  await watcher.add(folder);
  const stopped = terminal.stopped().then(() => 'stopped' as const);

  let runner = null as Runner | null;
  /** What the last run wrote: seeing it change is no news. */
  let written: ReadonlySet<string> = new Set();
  let outcome: 'changed' | 'stopped' = 'changed';
  while (outcome === 'changed') {
    const paths = watcher.take();
    const startedAtMs = terminal.nowMs();
    // Another configuration may be another project.
    const isConfigured = paths.some((path) => /[\\/]taskloom\.config\.[cm]?[jt]s$/.test(path));
    const work: Promise<'done'> = (async () => {
      try {
        if (isConfigured) {
          runner?.close();
          runner = null;
        }
        const isNew = runner === null;
        runner ??= await open();
        if (isNew || paths.some((path) => path.endsWith('.json')))
          for (const referenced of runner.referencedFolders()) await watcher.add(referenced);
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
    outcome = await Promise.race([watcher.next(written), stopped]);
  }
  await watcher.close();

  async function open(): Promise<Runner> {
    const { config, ...rest } = await loadConfig(configPath, terminal.directory);
    const filter = given.filter === undefined ? undefined : { filter: given.filter };
    return openRunner({ ...generatorOptions(given, { config, ...rest }, terminal.directory), ...filter });
  }
}
