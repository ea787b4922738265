import { readFileSync, watch } from 'node:fs';

const PATIENCE_MS = 60_000;

/**
 * Resolves with the lines of a file as soon as they satisfy `enough`. The file must exist. Rejects when `signal` aborts: then
 * nothing more will be written.
 */
export async function linesOnceThereAre(
  path: string,
  enough: (lines: readonly string[]) => boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const watcher = watch(path, () => look());
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      watcher.close();
      signal?.removeEventListener('abort', giveUp);
      act();
    };
    const giveUp = (): void => settle(() => reject(signal?.reason));
    const look = (): void => {
      const lines = readLines(path);
      if (enough(lines)) settle(() => resolve(lines));
    };
    const timer = setTimeout(() => settle(() => reject(new Error(`${path} still says only:\n${readFileSync(path, 'utf8')}`))), PATIENCE_MS);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted === true) giveUp();
    else look();
  });
}

/** Whole lines only: one that is being written does not count yet. */
export function readLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}
