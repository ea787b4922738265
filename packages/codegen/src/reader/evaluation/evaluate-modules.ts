import { fileURLToPath, pathToFileURL } from 'node:url';

import type { EvaluationProcess, EvaluationProcesses } from './evaluation-processes.js';
import {
  NEVER_SETTLED,
  type EvaluatedBinding,
  type EvaluationMessage,
  type EvaluationPlan,
  type LoadTable,
  type PlanRequest,
} from './evaluation-protocol.js';

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
  /** Longest time one module may take to load. */
  readonly timeoutMs: number;
}

/**
 * Loads modules in a process of their own, one after the other, and gives what each came to, by file. A module that hangs
 * or ends the process is told apart from the others: these go on in a new process.
 */
export async function evaluateModules(
  processes: EvaluationProcesses,
  request: EvaluationRequest,
): Promise<ReadonlyMap<string, ModuleEvaluation>> {
  const results = new Map<string, ModuleEvaluation>();
  let open = [...request.bindings].map(([file, bindings]) => {
    const plans = request.plans?.get(file);
    return { url: pathToFileURL(file).href, bindings, ...(plans && { plans }) };
  });
  while (open.length > 0) {
    const plan: EvaluationPlan = { loads: request.loads, modules: open };
    // Packages are loaded in the time of nobody's module.
    processes.expect();
    const taken = await processes.take();
    for (const [url, result] of await evaluatePlan(taken, plan, request.timeoutMs)) results.set(fileOf(url), result);
    open = open.filter(({ url }) => !results.has(fileOf(url)));
  }
  return results;
}

/** Has one process evaluate until its end; at least the first module has a result then, so that every round comes nearer to the end. */
function evaluatePlan(
  { child, tell, output }: EvaluationProcess,
  plan: EvaluationPlan,
  timeoutMs: number,
): Promise<ReadonlyMap<string, ModuleEvaluation>> {
  return new Promise((resolve) => {
    const results = new Map<string, ModuleEvaluation>();
    let current = plan.modules[0]!.url;
    let timer = setTimeout(onTimeout, timeoutMs);

    function onTimeout(): void {
      results.set(current, { kind: 'timed-out', afterMs: timeoutMs });
      child.kill('SIGKILL');
    }
    child.on('message', (message: EvaluationMessage) => {
      if (message.type === 'prepared') return;
      clearTimeout(timer);
      timer = setTimeout(onTimeout, timeoutMs);
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
    tell({ type: 'evaluate', plan });
  });
}

function endedEarly(code: number | null, signal: NodeJS.Signals | null, output: string): string {
  const how = code === NEVER_SETTLED ? 'it awaits what nothing will ever bring' : endedBy(code, signal);
  return output === '' ? how : `${how}; it had written:\n${output}`;
}

function endedBy(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended the process with exit code ${code ?? 'unknown'}` : `its process was ended by ${signal}`;
}

function fileOf(url: string): string {
  return fileURLToPath(url).replaceAll('\\', '/');
}
