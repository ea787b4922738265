import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runCli } from '../../src/cli.js';
import type { ExitCode } from '../../src/terminal/terminal.js';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const BASE = fileURLToPath(new URL('../../../../tsconfig.base.json', import.meta.url));

export interface CliRun {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** A project on disk that a test may write to, and the command in it. It finds the packages that this one finds. */
export class TemporaryProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-cli-test-')));
  readonly outDir = join(this.folder, 'src/generated');
  /** What the command takes for the time. Files that are younger than the start of a run are not remembered. */
  nowMs = 0;
  env: { [name: string]: string | undefined } = process.env;

  constructor(files: { readonly [path: string]: string }) {
    // Each by itself: what tools keep in node_modules must not land in this package.
    this.link(PACKAGES, join(this.folder, 'node_modules'));
    symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(this.folder, 'node_modules/@taskloom/cli'));
    this.write({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({ extends: BASE, compilerOptions: { types: [] }, include: ['src'] }),
      ...files,
    });
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Paths of all files below a folder, without installed packages. */
  list(path: string): string[] {
    const visit = (inner: string): string[] =>
      readdirSync(join(this.folder, path, inner)).flatMap((name) => {
        if (name === 'node_modules') return [];
        const below = inner === '' ? name : `${inner}/${name}`;
        return statSync(join(this.folder, path, below)).isDirectory() ? visit(below) : [below];
      });
    try {
      return visit('').sort();
    } catch {
      return [];
    }
  }

  async run(...args: readonly string[]): Promise<CliRun> {
    let out = '';
    let err = '';
    const code = await runCli(args, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      stdout: { write: () => {}, on: () => {}, off: () => {} },
      pretty: false,
      input: async () => '',
      directory: this.folder,
      env: this.env,
      nowMs: () => this.nowMs,
      stopped: () => new Promise(() => {}),
    });
    return { code, out, err };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private link(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from).filter((item) => !item.startsWith('.'))) {
      if (name.startsWith('@')) this.link(join(from, name), join(to, name));
      else symlinkSync(join(from, name), join(to, name));
    }
  }
}

/** The source of an agent without schemas. */
export function plainAgent(name: string, members = 'text: string'): string {
  const className = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    "import { TaskAgent } from '@taskloom/decorators';",
    `@TaskAgent({ name: '${name}', description: 'What ${name} does' })`,
    `export class ${className} {`,
    `  execute(input: { ${members} }) {`,
    '    return { input };',
    '  }',
    '}',
    '',
  ].join('\n');
}
