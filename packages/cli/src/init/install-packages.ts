import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../terminal/cli-error.js';
import type { ProjectManifest } from '../project/project-manifest.js';

/** What an application needs, and what it is developed with. */
const RUN_TIME = [
  '@taskloom/core',
  '@taskloom/decorators',
  '@taskloom/nest',
  '@nestjs/graphql',
  '@apollo/server',
  'graphql@16',
  'reflect-metadata',
  'rxjs',
];
const DEVELOPMENT = ['@taskloom/cli'];

/** A package manager by its lock file: how it adds packages. */
const MANAGERS = [
  { lock: 'pnpm-lock.yaml', command: 'pnpm', add: ['add'], dev: ['add', '-D'] },
  { lock: 'yarn.lock', command: 'yarn', add: ['add'], dev: ['add', '-D'] },
  { lock: 'package-lock.json', command: 'npm', add: ['install'], dev: ['install', '-D'] },
] as const;

/** The commands that add what is missing; none when nothing is. */
export function installCommands(folder: string, manifest: ProjectManifest): readonly (readonly string[])[] {
  const present = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  const missing = (names: readonly string[]): string[] => names.filter((name) => !present.has(name.replace(/(?<=.)@.*$/, '')));
  const manager = MANAGERS.find(({ lock }) => existsSync(join(folder, lock))) ?? MANAGERS[2];
  return [
    { args: manager.add, names: missing(RUN_TIME) },
    { args: manager.dev, names: missing(DEVELOPMENT) },
  ]
    .filter(({ names }) => names.length > 0)
    .map(({ args, names }) => [manager.command, ...args, ...names]);
}

/** @throws CliError `INSTALL_FAILED` */
export async function runInstall(
  [command, ...args]: readonly string[],
  folder: string,
  env: { readonly [name: string]: string | undefined },
): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command!, args, {
      cwd: folder,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: unknown) => String(error));
  if (code === 0) return;
  throw new CliError(
    'INSTALL_FAILED',
    `\`${[command, ...args].join(' ')}\` ended with ${code}.`,
    'Run it yourself to see why, then run `npx taskloom init` again.',
  );
}
