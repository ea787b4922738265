import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach } from '@jest/globals';
import { createEngine, defineAgent, type AgentDefinition, type Engine, type EngineOptions, type TaskContext } from '@taskloom/core';
import { z } from 'zod';

import { auditPlugin, type AuditEntry, type AuditOptions } from '../../src/index.js';

/** An agent that takes and gives anything. */
export const agent = (name: string, execute: (input: unknown, ctx: TaskContext) => unknown): AgentDefinition =>
  defineAgent({ name, input: z.unknown(), output: z.unknown(), execute });
export const echo = agent('echo', (input) => input);

/** Runs of its agent `waits` end when it is opened. */
export class Gate {
  open!: () => void;
  readonly agent: AgentDefinition;

  constructor() {
    const opened = new Promise<null>((resolve) => (this.open = () => resolve(null)));
    this.agent = agent('waits', () => opened);
  }
}

export interface LabOptions extends Omit<EngineOptions, 'store' | 'plugins'> {
  readonly audit?: Partial<AuditOptions>;
  readonly agents?: readonly AgentDefinition[];
  readonly plugins?: EngineOptions['plugins'];
}

/** A folder with a database and audit files, and the engines that a test runs there. */
export class AuditLab {
  folder = '';
  readonly problems: string[] = [];
  private readonly engines = new Set<Engine>();

  get file(): string {
    return join(this.folder, 'audit', 'audit.jsonl');
  }

  /** An engine with the audit plugin, not started. */
  create({ audit, agents = [echo], plugins = [], ...options }: LabOptions = {}): Engine {
    const onProblem = ({ message }: Error): void => void this.problems.push(message);
    const engine = createEngine({
      ...options,
      store: { path: join(this.folder, 'jobs.db'), synchronous: 'NORMAL' },
      plugins: [...plugins, auditPlugin({ file: this.file, onProblem, ...audit })],
    });
    engine.register(...agents);
    this.engines.add(engine);
    return engine;
  }

  async start(options: LabOptions = {}): Promise<Engine> {
    const engine = this.create(options);
    await engine.start();
    return engine;
  }

  async stop(engine: Engine): Promise<void> {
    this.engines.delete(engine);
    await engine.stop({ graceMs: 0 });
  }

  /** Names of the audit files, oldest first. */
  files(): string[] {
    const all = readdirSync(join(this.folder, 'audit')).sort();
    return [...all.filter((name) => name !== 'audit.jsonl'), ...all.filter((name) => name === 'audit.jsonl')];
  }

  /** What all audit files say, oldest first. */
  entries(): AuditEntry[] {
    for (;;) {
      try {
        return this.files().flatMap((name) => entriesOf(readFileSync(join(this.folder, 'audit', name), 'utf8')));
      } catch (error) {
        // It was given another name just now.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  open(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'taskloom-audit-'));
  }

  async close(): Promise<void> {
    for (const engine of this.engines) await this.stop(engine);
    this.problems.length = 0;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function useAuditLab(): AuditLab {
  const lab = new AuditLab();
  beforeEach(() => lab.open());
  afterEach(() => lab.close());
  return lab;
}

export function entriesOf(text: string): AuditEntry[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditEntry);
}

/** The events of a job as its log has them, in the words of the file. */
export async function logOf(engine: Engine, jobId: string): Promise<string[]> {
  const events = await engine.reader.events(jobId, 0, 1_000);
  return events.map(({ seq, type }) => `${seq} ${type}`);
}

/** The events of a job as the files have them. */
export const auditOf = (entries: readonly AuditEntry[], jobId: string): string[] =>
  entries.filter(({ job, seq }) => job === jobId && seq !== undefined).map(({ seq, what }) => `${seq} ${what}`);
