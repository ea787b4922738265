import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { transformSync } from '@swc/core';

const PACKAGE = resolve(import.meta.dirname, '../..');
const CACHE = join(PACKAGE, 'node_modules/.cache/taskloom-core-test');

/**
 * The package's sources and the programs in `test/fixtures` as plain JavaScript, for processes of their own: what is tested is
 * the source as it stands, not the last build. Kept in a folder named after its content.
 */
function compilePackage(): string {
  const files = ['src', 'test/fixtures'].flatMap((folder) => sourceFiles(join(PACKAGE, folder)));
  const sources = files.map((path) => ({ path: relative(PACKAGE, path), text: readFileSync(path, 'utf8') }));
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  const target = join(CACHE, hash);
  if (existsSync(target)) return target;
  const draft = join(CACHE, `${hash}.${process.pid}`);
  for (const { path, text } of sources) {
    const { code } = transformSync(text, {
      filename: path,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    });
    const out = join(draft, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, code);
  }
  writeFileSync(join(draft, 'package.json'), '{"type":"module"}');
  try {
    renameSync(draft, target);
  } catch {
    // Another test has just made the same.
    rmSync(draft, { recursive: true, force: true });
  }
  forgetOld();
  return target;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('-d.ts'))
    .map((path) => join(folder, path))
    .sort();
}

const DAY_MS = 86_400_000;

function forgetOld(): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** A program of `test/fixtures` in a process of its own. It says what it does in lines of JSON. */
export class Child {
  private readonly process: ChildProcess;
  private readonly lines: Record<string, unknown>[] = [];
  private readonly listeners = new Set<() => void>();
  private complaints = '';
  private end: { code: number | null; signal: NodeJS.Signals | null } | null = null;
  /** How the process ended. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  /** @param fileBlocks no file may grow beyond so many blocks of 512 bytes: writes fail from there on. Default: as large as they will. */
  constructor(program: string, { fileBlocks }: { readonly fileBlocks?: number } = {}) {
    const file = join(compilePackage(), 'test/fixtures', `${program}.js`);
    const command = [process.execPath, file];
    const limited = fileBlocks === undefined ? command : ['/bin/sh', '-c', 'ulimit -f "$0" && exec "$@"', String(fileBlocks), ...command];
    this.process = spawn(limited[0]!, limited.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    // It may be killed before it reads.
    this.process.stdin!.on('error', () => undefined);
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Record<string, unknown>);
      this.ring();
    });
    this.process.stderr!.on('data', (data: Buffer) => (this.complaints += data.toString()));
    this.exited = new Promise((done) => {
      this.process.on('close', (code, signal) => {
        this.end = { code, signal };
        this.ring();
        done(this.end);
      });
    });
  }

  /** Lets the program begin. Until then it only loads its modules, so that it can be started ahead of time. */
  begin(args: Record<string, unknown>): this {
    this.process.stdin!.write(`${JSON.stringify(args)}\n`);
    return this;
  }

  get isRunning(): boolean {
    return this.end === null && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** What it wrote to standard error. */
  get stderr(): string {
    return this.complaints;
  }

  /** The first line, said or to be said, that has this `say`. Fails when the process ends without it. */
  async says(say: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find((line) => line['say'] === say);
      if (found) return found;
      if (this.end)
        throw new Error(
          `the process ended (${this.end.signal ?? this.end.code}) without saying "${say}"; it said ${JSON.stringify(this.lines)} and ${this.complaints}`,
        );
      await new Promise<void>((wake) => this.listeners.add(wake));
    }
  }

  /** Sends a signal; whether there was still a process to get it. */
  kill(signal: NodeJS.Signals): boolean {
    return this.isRunning && this.process.kill(signal);
  }

  private ring(): void {
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}
