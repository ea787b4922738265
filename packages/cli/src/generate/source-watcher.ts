import { watch, type FSWatcher } from 'chokidar';

/**
 * Changes that come together are one: editors write several files, and some of them twice. Longer than the 50 ms for which
 * chokidar says nothing more of a file that it has told of: who reads the file earlier misses what is written after that.
 */
const QUIET_MS = 60;
const NO_SOURCES = /[\\/](?:node_modules|\.[^\\/.][^\\/]*|dist)(?:[\\/]|$)/;
const SOURCE = /\.(?:[cm]?tsx?|json|[cm]?js)$/;

/** Gathers the sources that change in some folders. */
export class SourceWatcher {
  private readonly watchers = new Map<string, FSWatcher>();
  private changed = new Set<string>();
  private wake: () => void = () => {};

  /** Watches one more folder. Resolves when nothing that changes in it from now on is missed. */
  async add(folder: string): Promise<void> {
    if (this.watchers.has(folder)) return;
    const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => NO_SOURCES.test(path.slice(folder.length)) });
    this.watchers.set(folder, watcher);
    watcher.on('all', (_event, path) => {
      if (!SOURCE.test(path)) return;
      this.changed.add(path.replaceAll('\\', '/'));
      this.wake();
    });
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
  }

  /** What has changed since the last call. Absolute, with forward slashes. */
  take(): readonly string[] {
    const taken = [...this.changed];
    this.changed = new Set();
    return taken;
  }

  /** Resolves when something has changed that is not among `known`, and nothing more does. */
  next(known: ReadonlySet<string>): Promise<'changed'> {
    return new Promise((resolve) => {
      let quiet: NodeJS.Timeout | undefined;
      this.wake = () => {
        if ([...this.changed].every((path) => known.has(path))) return;
        clearTimeout(quiet);
        quiet = setTimeout(() => {
          this.wake = () => {};
          resolve('changed');
        }, QUIET_MS);
      };
      this.wake();
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.watchers.values()].map((watcher) => watcher.close()));
  }
}
