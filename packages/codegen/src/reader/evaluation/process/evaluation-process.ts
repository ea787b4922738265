/*
 * The process that reads schemas: it loads the modules it is told to, asks the schemas of their agents and workflows to
 * describe themselves, reports, and ends. It boots no application.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

import type { EvaluatedBinding, EvaluationMessage, EvaluationPlan } from '../evaluation-protocol.js';
import { installCommonJsHooks, requireUrl } from './commonjs-hooks.js';
import { describeDefinition } from './describe-definition.js';
import * as hooks from './load-hooks.js';
import { runPlan } from './run-plan.js';

const bindingsByUrl = new Map<string, { readonly [name: string]: unknown }>();

async function main(planPath: string): Promise<void> {
  const plan = JSON.parse(readFileSync(planPath, 'utf8')) as EvaluationPlan;
  Object.assign(globalThis, {
    // Tells decorators that nothing will be injected here.
    [Symbol.for('taskloom.schema-reader')]: true,
    [Symbol.for('taskloom.schema-bindings')]: (url: string, bindings: { readonly [name: string]: unknown }) =>
      bindingsByUrl.set(url, bindings),
  });
  installHooks(plan);
  for (const module of plan.modules) {
    // Sent before anything runs: should the module never come back, this is how it is known.
    await send({ type: 'loading', url: module.url });
    await send(await loadModule(plan, module));
  }
}

type PlannedModule = EvaluationPlan['modules'][number];

function installHooks(plan: EvaluationPlan): void {
  installCommonJsHooks(plan.loads);
  if ('registerHooks' in nodeModule) {
    hooks.initializeInThread(plan.loads);
    (nodeModule as unknown as { registerHooks(given: typeof hooks): void }).registerHooks({
      resolve: hooks.resolve,
      load: hooks.load,
    } as typeof hooks);
  } else {
    nodeModule.register('./evaluation-hooks.js', { parentURL: import.meta.url, data: plan.loads });
  }
}

async function loadModule(plan: EvaluationPlan, { url, bindings: names, plans }: PlannedModule): Promise<EvaluationMessage> {
  try {
    await (plan.loads.sources[url]?.format === 'commonjs' ? requireUrl(url) : import(url));
    const values = bindingsByUrl.get(url) ?? {};
    const bindings: { [name: string]: EvaluatedBinding | null } = {};
    for (const name of names) {
      const described = describeDefinition(values[name]);
      const request = plans?.[name];
      bindings[name] = described && request ? { ...described, plan: await runPlan(values[name], request, url) } : described;
    }
    return { type: 'loaded', url, bindings };
  } catch (error) {
    return { type: 'failed', url, reason: describeError(error, Object.keys(plan.loads.sources)) };
  }
}

/** The message, and where in the user's own files it came from. */
function describeError(error: unknown, urls: readonly string[]): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? `\n${error.remedy}` : '';
  const ownPaths = urls.map((url) => fileURLToPath(url));
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && ownPaths.some((path) => line.includes(path)));
  return [`${error.message}${remedy}`, ...frames.slice(0, 3)].join('\n');
}

function send(message: EvaluationMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

await main(process.argv[2]!);
// Whatever the modules left open (timers, servers, connections) must not keep the process.
process.exit(0);
