import * as nodeModule from 'node:module';
import { MessageChannel } from 'node:worker_threads';

import type { LoadTable } from '../evaluation-protocol.js';
import { installCommonJsHooks } from './commonjs-hooks.js';
import * as hooks from './load-hooks.js';

/** Has Node find and load modules by a table from now on, and gives what sets the table. */
export function installModuleHooks(): (table: LoadTable) => Promise<void> {
  let current: LoadTable = { resolutions: {}, sources: {} };
  installCommonJsHooks(() => current);
  const setTable = 'registerHooks' in nodeModule ? installInThread(nodeModule as unknown as InThread) : installInOtherThread();
  return async (table) => {
    current = table;
    await setTable(table);
  };
}

/** Versions of Node that can run hooks in the thread they serve. */
interface InThread {
  registerHooks(given: typeof hooks): void;
}

function installInThread(node: InThread): (table: LoadTable) => Promise<void> {
  node.registerHooks({ resolve: hooks.resolve, load: hooks.load } as typeof hooks);
  return async (table) => hooks.useTable(table);
}

function installInOtherThread(): (table: LoadTable) => Promise<void> {
  const { port1: port, port2 } = new MessageChannel();
  nodeModule.register('./evaluation-hooks.js', { parentURL: import.meta.url, data: { port: port2 }, transferList: [port2] });
  return (table) =>
    new Promise((resolve) => {
      port.once('message', () => {
        // An open port would keep the process.
        port.unref();
        resolve();
      });
      port.ref();
      port.postMessage(table);
    });
}
