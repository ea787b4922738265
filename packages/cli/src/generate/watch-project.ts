import type { RunReport } from '@taskloom/codegen/run';
import { watch } from 'chokidar';
import { dirname } from 'node:path';

import { findConfig, loadConfig } from '../config/load-config.js';
import { generatorOptions } from '../commands/generator-arguments.js';
import type { Terminal } from '../terminal/terminal.js';
import { runForProject, type ProjectRun } from './run-for-project.js';

export interface WatchEvents {
  readonly done: (report: RunReport, tookMs: number) => void;
  readonly failed: (error: unknown) => void;
  /** Everything so far has been seen to; the next change starts a run. */
  readonly waiting: () => void;
}

/** Changes that come together are one: editors write several files, and some of them twice. */
const GATHER_MS = 20;

/** Generates now and after every change of the project's files, until the terminal says stop. */
export async function watchProject(given: ProjectRun, terminal: Terminal, events: WatchEvents): Promise<void> {
  const loaded = await loadConfig(findConfig(terminal.directory, given.config), terminal.directory);
  const folder = dirname(generatorOptions(given, loaded, terminal.directory).project!);
  let due: () => void = () => {};
  let isDue = true;
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) => /[\\/](?:node_modules|\.[^\\/.][^\\/]*|dist)(?:[\\/]|$)/.test(path.slice(folder.length)),
  });
  watcher.on('all', (_event, path) => {
    if (!/\.(?:[cm]?tsx?|json|[cm]?js)$/.test(path)) return;
    isDue = true;
    due();
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  const stopped = terminal.stop.then(() => 'stopped' as const);
  let outcome: 'changed' | 'stopped' = 'changed';
  while (outcome === 'changed') {
    isDue = false;
    const startedAtMs = terminal.nowMs();
    try {
      events.done(await runForProject(given, terminal), terminal.nowMs() - startedAtMs);
    } catch (error) {
      events.failed(error);
    }
    events.waiting();
    const changed = new Promise<'changed'>((resolve) => {
      due = () => setTimeout(resolve, GATHER_MS, 'changed');
      if (isDue) due();
    });
    outcome = await Promise.race([changed, stopped]);
  }
  await watcher.close();
}
