import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, jest } from '@jest/globals';

import { createEngine, type AgentDefinition, type Engine, type EngineOptions, type WorkflowDefinition } from '../../src/index.js';
import type { Store } from '../../src/ports/store.js';
import { auditDatabase } from './audit.js';
import { VirtualClock } from './virtual-clock.js';

type Definition = AgentDefinition | WorkflowDefinition;

export interface LabOptions extends Omit<EngineOptions, 'store'> {
  /** Name of the database file. Engines started one after another on the same name continue each other's work. */
  readonly file?: string;
  /** The store at that file, where it is not the plain one. */
  readonly storeAt?: (path: string) => Store;
}

/** No test here cuts the power: what `FULL` adds to `NORMAL` is waiting for the disk, some ten thousand times. */
export const SYNCHRONOUS = 'NORMAL';

/** Where a test runs engines: a folder of its own with real database files, each audited when the test is over. */
export class Lab {
  private folder = '';
  private readonly files = new Set<string>();
  private readonly engines = new Map<Engine, EngineOptions['clock']>();

  open(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'taskloom-lab-'));
  }

  /** The path of a database file, which will be audited. */
  path(file = 'jobs.db'): string {
    const path = join(this.folder, file);
    this.files.add(path);
    return path;
  }

  /** An engine on a database file, with agents and workflows, not started. */
  create(definitions: readonly Definition[], { file, storeAt, ...options }: LabOptions = {}): Engine {
    const path = this.path(file);
    const engine = createEngine({ ...options, store: storeAt ? storeAt(path) : { path, synchronous: SYNCHRONOUS } });
    engine.register(...definitions);
    this.engines.set(engine, options.clock);
    return engine;
  }

  async start(definitions: readonly Definition[], options: LabOptions = {}): Promise<Engine> {
    const engine = this.create(definitions, options);
    await engine.start();
    return engine;
  }

  /** Stops the engine as a deployment would, and starts another one on its file. */
  async restart(engine: Engine, definitions: readonly Definition[], options: LabOptions = {}): Promise<Engine> {
    await this.stop(engine);
    return this.start(definitions, options);
  }

  /** Stops an engine without patience for what runs. A clock that stands still is moved on as far as that takes. */
  async stop(engine: Engine): Promise<void> {
    const clock = this.engines.get(engine);
    const stopping = engine.stop({ graceMs: 0 });
    if (clock instanceof VirtualClock) await clock.advanceUntil(stopping);
    await stopping;
  }

  /** Ends what runs, audits it, and begins anew: for several cases in one test. */
  async fresh(): Promise<void> {
    await this.close();
    this.open();
  }

  async close(): Promise<void> {
    try {
      for (const engine of this.engines.keys()) await this.stop(engine);
      for (const file of this.files) await auditDatabase(file);
    } finally {
      this.engines.clear();
      this.files.clear();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** A lab for each test of the file; what its databases hold is audited after each. */
export function useLab(): Lab {
  const lab = new Lab();
  // Nothing here takes that long; a machine that is busy with other things may.
  jest.setTimeout(60_000);
  beforeEach(() => lab.open());
  afterEach(() => lab.close());
  return lab;
}
