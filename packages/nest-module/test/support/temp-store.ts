import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A database file of its own for each application of a test. */
export async function tempStore(): Promise<{ path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'taskloom-nest-'));
  made.push(directory);
  return { path: join(directory, 'taskloom.db') };
}

export async function removeTempStores(): Promise<void> {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
}
