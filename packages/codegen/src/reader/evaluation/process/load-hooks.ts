/*
 * Answers Node's questions from the load table. In a file of its own, because older versions of Node run these hooks in
 * a thread that sees nothing else.
 */
import type { MessagePort } from 'node:worker_threads';

import type { LoadTable } from '../evaluation-protocol.js';

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

interface ResolveResult {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean | undefined;
}

interface LoadResult {
  readonly format: string | null | undefined;
  readonly source?: unknown;
  readonly shortCircuit?: boolean | undefined;
}

let table: LoadTable = { resolutions: {}, sources: {} };
let isOtherThread = false;

/** Called by Node, in the hooks' thread, with what `register` was given: a port through which tables come. */
export function initialize({ port }: { readonly port: MessagePort }): void {
  isOtherThread = true;
  port.on('message', (given: LoadTable) => {
    table = given;
    port.postMessage('taken');
  });
}

/** For versions of Node whose hooks run in the thread they serve. */
export function useTable(given: LoadTable): void {
  table = given;
}

export function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Result,
): Result | ResolveResult {
  if (Object.hasOwn(table.sources, specifier)) return found(specifier);
  const targets =
    context.parentURL !== undefined && Object.hasOwn(table.resolutions, context.parentURL)
      ? table.resolutions[context.parentURL]
      : undefined;
  const target = targets && Object.hasOwn(targets, specifier) ? targets[specifier] : undefined;
  return target === undefined ? next(specifier, context) : found(target);
}

export function load<Context, Result>(url: string, context: Context, next: (url: string, context: Context) => Result): Result | LoadResult {
  const source = Object.hasOwn(table.sources, url) ? table.sources[url] : undefined;
  if (!source) return next(url, context);
  // From another thread, CommonJS is better left to the loader of the thread itself, where the CommonJS hooks wait.
  const isLeft = isOtherThread && source.format === 'commonjs';
  return { format: source.format, source: isLeft ? null : source.source, shortCircuit: true };
}

function found(url: string): ResolveResult {
  // What has no source here is JSON that Node reads itself.
  return { url, format: table.sources[url]?.format ?? 'json', shortCircuit: true };
}
