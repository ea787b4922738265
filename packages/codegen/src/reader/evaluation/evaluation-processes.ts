import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { evaluationProcessPath } from './evaluation-process-path.js';
import type { EvaluationMessage, EvaluationOrder } from './evaluation-protocol.js';

/** A process that loads modules, once; then it ends. */
export interface EvaluationProcess {
  readonly child: ChildProcess;
  readonly tell: (order: EvaluationOrder) => void;
  /** What modules printed while they loaded; it is shown only when something goes wrong. */
  readonly output: () => string;
}

const OUTPUT_CHARS = 2_000;
/** No module is waited for here, only packages that are known to load. */
const LONGEST_PREPARATION_MS = 60_000;

/** Packages that may be loaded before a module asks for them: they do nothing then, and take most of the time. */
const QUIET =
  /^(?:@taskloom\/|@nestjs\/(?:common|core|graphql)$|reflect-metadata$|rxjs$|zod(?:\/|$)|valibot$|arktype$|@sinclair\/typebox$)/;

/**
 * Where modules are loaded. Each process serves once, since a module that is loaded cannot be loaded again. Where runs follow
 * one another, the next process is kept ready, with the packages loaded that modules have asked for so far.
 */
export class EvaluationProcesses {
  /** Packages that are loaded before anybody asks for them. */
  readonly prepares = new Set<string>();
  private spare: Promise<EvaluationProcess | null> | null = null;
  private spareChild: ChildProcess | null = null;

  private isNeeded = false;

  /** @param directory where processes run; packages are found from the modules themselves */
  constructor(private readonly directory: string) {}

  /** Begins to make a process ready for modules that import these packages, unless there is one. */
  expect(packages: readonly string[] = []): void {
    for (const name of packages) if (QUIET.test(name)) this.prepares.add(name);
    this.isNeeded = true;
    this.spare ??= this.prepared();
  }

  /** Makes one ready for another run, if any has been needed so far. */
  expectAgain(): void {
    if (this.isNeeded) this.expect();
  }

  /** A process, the one that is ready if there is one; one that takes longer to get ready is given up. */
  async take(): Promise<EvaluationProcess> {
    for (const part of partsOf(this.spareChild)) part.ref();
    const timer = setTimeout(() => this.close(), LONGEST_PREPARATION_MS);
    const ready = await this.spare;
    clearTimeout(timer);
    const taken = ready && isAlive(ready) ? ready : this.start();
    this.spareChild = null;
    this.spare = null;
    return taken;
  }

  /** The process that is kept ready, or getting so. */
  ready(): ChildProcess | null {
    return this.spareChild;
  }

  /** Ends it. */
  close(): void {
    this.spareChild?.kill('SIGKILL');
  }

  private start(): EvaluationProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', evaluationProcessPath()], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = collectOutput(child);
    // A process that is gone says so by its end.
    return { child, output, tell: (order) => void (child.connected && child.send(order, () => {})) };
  }

  /** Resolves with `null` when a package has ended the process. It keeps nobody waiting: not this process, either. */
  private prepared(): Promise<EvaluationProcess | null> {
    const started = this.start();
    const { child } = started;
    this.spareChild = child;
    for (const part of partsOf(child)) part.unref();
    const imports = [...this.prepares].map((name) => `await import(${JSON.stringify(name)}).catch(() => {});\n`);
    const url = pathToFileURL(join(this.directory, 'taskloom-packages.mjs')).href;
    started.tell({ type: 'prepare', url, source: imports.join('') });
    return new Promise((resolve) => {
      const gone = (): void => resolve(null);
      child.once('error', gone);
      child.once('close', gone);
      child.once('message', (_message: EvaluationMessage) => {
        child.off('error', gone);
        child.off('close', gone);
        resolve(started);
      });
    });
  }
}

function isAlive({ child }: EvaluationProcess): boolean {
  return child.connected && child.exitCode === null && child.signalCode === null;
}

interface Waited {
  ref(): void;
  unref(): void;
}

/** Everything of another process that keeps this one waiting for it. */
function partsOf(child: ChildProcess | null): Waited[] {
  return [child, child?.channel, child?.stdout, child?.stderr].filter((part) => part !== null && part !== undefined) as Waited[];
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      text = (text + chunk).slice(-OUTPUT_CHARS);
    });
  }
  return () => text.trim();
}
