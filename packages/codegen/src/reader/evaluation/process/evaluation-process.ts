/*
 * The process that reads schemas: it loads the modules it is told to, asks the schemas of their agents and workflows to
 * describe themselves, reports, and ends. It boots no application.
 */
import { fileURLToPath } from 'node:url';

import {
  NEVER_SETTLED,
  type EvaluatedBinding,
  type EvaluationMessage,
  type EvaluationOrder,
  type EvaluationPlan,
} from '../evaluation-protocol.js';
import { requireUrl } from './commonjs-hooks.js';
import { describeDefinition } from './describe-definition.js';
import { installModuleHooks } from './module-hooks.js';
import { runPlan } from './run-plan.js';

const bindingsByUrl = new Map<string, { readonly [name: string]: unknown }>();

Object.assign(globalThis, {
  // Tells decorators that nothing will be injected here.
  [Symbol.for('taskloom.schema-reader')]: true,
  [Symbol.for('taskloom.schema-bindings')]: (url: string, bindings: { readonly [name: string]: unknown }) =>
    bindingsByUrl.set(url, bindings),
});
const useTable = installModuleHooks();
let last = Promise.resolve();
process.on('message', (order: EvaluationOrder) => {
  last = last.then(() => (order.type === 'prepare' ? prepare(order) : evaluate(order.plan)));
});
// Nobody is there to be told anything any more.
process.on('disconnect', () => process.exit(0));

/** Loads the packages that modules are likely to ask for. What fails now will be told when a module does ask for it. */
async function prepare({ url, source }: Extract<EvaluationOrder, { type: 'prepare' }>): Promise<void> {
  await useTable({ resolutions: {}, sources: { [url]: { format: 'module', source } } });
  await import(url).catch(() => {});
  await send({ type: 'prepared' });
}

async function evaluate(plan: EvaluationPlan): Promise<void> {
  // From here on the modules alone say how long there is something to wait for.
  process.channel?.unref();
  process.once('beforeExit', () => process.exit(NEVER_SETTLED));
  await useTable(plan.loads);
  for (const module of plan.modules) {
    // Sent before anything runs: should the module never come back, this is how it is known.
    await send({ type: 'loading', url: module.url });
    await send(await loadModule(plan, module));
  }
  // Whatever the modules left open (timers, servers, connections) must not keep the process.
  process.exit(0);
}

type PlannedModule = EvaluationPlan['modules'][number];

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
