import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { EvaluatedBinding, EvaluationMessage, EvaluationPlan, LoadTable, PlanRequest } from './evaluation-protocol.js';
import { evaluationProcessPath } from './evaluation-process-path.js';

/** What loading one module came to. */
export type ModuleEvaluation =
  | { readonly kind: 'loaded'; readonly bindings: { readonly [name: string]: EvaluatedBinding | null } }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly afterMs: number };

export interface EvaluationRequest {
  readonly loads: LoadTable;
  /** Names to hand over, by file. */
  readonly bindings: ReadonlyMap<string, readonly string[]>;
  /** Plans to run, by file and name. */
  readonly plans?: ReadonlyMap<string, { readonly [name: string]: PlanRequest }>;
  /** Where the process runs; packages are found from the modules themselves. */
  readonly directory: string;
  /** Longest time one module may take to load. */
  readonly timeoutMs: number;
}

const OUTPUT_CHARS = 2_000;

/**
 * Loads modules in a process of their own, one after the other, and gives what each came to, by file. A module that hangs
 * or ends the process is told apart from the others: these go on in a new process.
 */
export async function evaluateModules(request: EvaluationRequest): Promise<ReadonlyMap<string, ModuleEvaluation>> {
  const results = new Map<string, ModuleEvaluation>();
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-codegen-'));
  try {
    let open = [...request.bindings].map(([file, bindings]) => {
      const plans = request.plans?.get(file);
      return { url: pathToFileURL(file).href, bindings, ...(plans && { plans }) };
    });
    while (open.length > 0) {
      const planPath = join(folder, 'plan.json');
      const plan: EvaluationPlan = { loads: request.loads, modules: open };
      writeFileSync(planPath, JSON.stringify(plan));
      for (const [url, result] of await runProcess(planPath, request, open[0]!.url)) results.set(fileOf(url), result);
      open = open.filter(({ url }) => !results.has(fileOf(url)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** Runs one process to its end; at least `first` has a result then, so that every round comes nearer to the end. */
function runProcess(planPath: string, request: EvaluationRequest, first: string): Promise<ReadonlyMap<string, ModuleEvaluation>> {
  return new Promise((resolve) => {
    const results = new Map<string, ModuleEvaluation>();
    const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', evaluationProcessPath(), planPath], {
      cwd: request.directory,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = collectOutput(child);
    let current = first;
    let timer = setTimeout(onTimeout, request.timeoutMs);

    function onTimeout(): void {
      results.set(current, { kind: 'timed-out', afterMs: request.timeoutMs });
      child.kill('SIGKILL');
    }
    child.on('message', (message: EvaluationMessage) => {
      clearTimeout(timer);
      timer = setTimeout(onTimeout, request.timeoutMs);
      current = message.url;
      if (message.type === 'loaded') results.set(message.url, { kind: 'loaded', bindings: message.bindings });
      if (message.type === 'failed') results.set(message.url, { kind: 'failed', reason: message.reason });
    });
    child.on('error', (error) => results.set(current, { kind: 'failed', reason: error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!results.has(current)) results.set(current, { kind: 'failed', reason: endedEarly(code, signal, output()) });
      resolve(results);
    });
  });
}

function endedEarly(code: number | null, signal: NodeJS.Signals | null, output: string): string {
  const how = signal === null ? `it ended the process with exit code ${code ?? 'unknown'}` : `its process was ended by ${signal}`;
  return output === '' ? how : `${how}; it had written:\n${output}`;
}

/** What modules print while they load is shown only when something goes wrong. */
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

function fileOf(url: string): string {
  return fileURLToPath(url).replaceAll('\\', '/');
}
