import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
const base = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url));

/** Writes a project of so many classes, a file each, as people write them: types of their own, shared ones, comments. */
export function writeProject(classes, kind) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-codegen-bench-')));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  symlinkSync(packages, join(folder, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  write('tsconfig.json', JSON.stringify({ extends: base, compilerOptions: { types: [] }, include: ['src'] }));
  write('src/shared.ts', SHARED);
  for (let index = 0; index < classes; index += 1) write(pathOf(index), sourceOf(index, kind));
  return folder;
}

export function pathOf(index) {
  return `src/part-${Math.floor(index / 20)}/agent-${index}.agent.ts`;
}

export function sourceOf(index, kind, more = '') {
  return kind === 'zod' ? zodSource(index, more) : plainSource(index, more);
}

const SHARED = `
/** One file of a repository. */
export interface FileStat {
  /** Where it lies. */
  path: string;
  /** @minimum 0 @integer */
  size: number;
  modifiedAt: Date;
  tags?: string[];
}

export interface Page<Item> {
  items: Item[];
  next?: string | null;
}

export type Level = 'low' | 'medium' | 'high';
`;

function plainSource(index, more) {
  return `import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

import type { FileStat, Level, Page } from '../shared.js';

/** What agent ${index} is given. */
export interface Request${index} {
  /** The folder to start from. */
  root: string;
  files: Page<FileStat>;
  level: Level;
  /** @default 10 @minimum 1 */
  depth?: number;
  range: { from: number; to: number } | null;
  options?: Partial<Pick<FileStat, 'path' | 'tags'>>;
  ${more}
}

export type Outcome${index} = { kind: 'found'; files: FileStat[] } | { kind: 'none'; reason: string };

@TaskAgent({ name: 'agent-${index}', description: 'Does what agent ${index} does', capabilities: ['read-files'] })
export class Agent${index} {
  async execute(input: Request${index}, ctx: TaskContext): Promise<{ outcome: Outcome${index}; byLevel: Record<Level, number> }> {
    ctx.logger.info('running', { root: input.root });
    return { outcome: { kind: 'none', reason: input.level }, byLevel: { low: 1, medium: 2, high: 3 } };
  }
}
`;
}

function zodSource(index, more) {
  return `import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

const Input = z.object({ root: z.string().min(1).describe('The folder'), depth: z.number().int().default(10), level: z.enum(['low', 'high']), ${more} });
const Output = z.object({ files: z.array(z.object({ path: z.string(), size: z.number().int() })), total: z.number() });

@TaskAgent({ name: 'agent-${index}', description: 'Does what agent ${index} does', input: Input, output: Output })
export class Agent${index} {
  async execute(input: z.output<typeof Input>): Promise<z.input<typeof Output>> {
    return { files: [{ path: input.root, size: 1 }], total: input.depth };
  }
}
`;
}
