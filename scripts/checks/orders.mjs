// The one-way orders of docs/architecture.md as data. `import-orders.mjs` keeps them.

/**
 * Workspace folder → its package name and the folders whose packages it may import, and those that only its tests may.
 * A folder that is not named here is refused.
 */
export const packageOrder = {
  'packages/core': { name: '@taskloom/core', mayImport: [] },
  'packages/decorators': { name: '@taskloom/decorators', mayImport: ['packages/core'] },
  'packages/codegen': { name: '@taskloom/codegen', mayImport: ['packages/core', 'packages/decorators'] },
  'packages/terminal': { name: '@taskloom/terminal', mayImport: [] },
  'packages/cli': {
    name: '@taskloom/cli',
    mayImport: ['packages/core', 'packages/decorators', 'packages/codegen', 'packages/client', 'packages/terminal'],
    // Its commands, and the client, are tried on a real server.
    testsMayImport: ['packages/nest-module'],
  },
  'packages/nest-module': {
    name: '@taskloom/nest',
    mayImport: ['packages/core', 'packages/decorators'],
    // That secrets get out of an application through nothing, is tried with all that lets something out.
    testsMayImport: ['packages/telemetry'],
  },
  'packages/llm': { name: '@taskloom/llm', mayImport: ['packages/core'] },
  'packages/bullmq': { name: '@taskloom/bullmq', mayImport: ['packages/core'] },
  'packages/remote': { name: '@taskloom/remote', mayImport: ['packages/core'] },
  'packages/telemetry': { name: '@taskloom/telemetry', mayImport: ['packages/core'] },
  'packages/client': { name: '@taskloom/client', mayImport: [] },
  'packages/dashboard': { name: '@taskloom/dashboard', mayImport: ['packages/client'] },
  'apps/example-plugin': { name: '@taskloom/example-plugin', mayImport: ['packages/core', 'packages/decorators', 'packages/codegen'] },
  'apps/audit-plugin': { name: '@taskloom/audit-plugin', mayImport: ['packages/core'] },
  'apps/example-server': {
    name: '@taskloom/example-server',
    mayImport: [
      'packages/core',
      'packages/decorators',
      'packages/nest-module',
      'packages/client',
      'packages/remote',
      'packages/terminal',
      'apps/audit-plugin',
    ],
  },
};

/**
 * The rooms of a package, lowest first: a room imports only rooms before it. Rooms in one list are siblings, neither imports the other.
 * Entries are files directly under `src` that may import everything; nothing imports them.
 */
export const roomOrder = {
  'packages/core': {
    entries: ['index.ts', 'internal.ts', 'store.ts', 'testing.ts', 'store-contract.ts'],
    rooms: [
      ['kernel'],
      ['errors'],
      ['model'],
      ['graph'],
      ['authoring'],
      ['machine'],
      ['context'],
      ['ports'],
      ['store', 'dispatch'],
      ['ledger'],
      ['runtime'],
      ['services'],
      ['engine'],
      ['testing'],
    ],
  },
  'packages/codegen': {
    entries: ['index.ts', 'run.ts'],
    rooms: [['diagnostics'], ['shape'], ['reader', 'emitter'], ['plugin'], ['project'], ['output'], ['generate']],
  },
};

/** Packages that only one folder knows. */
export const confinedPackages = [
  { packages: ['typeorm', 'better-sqlite3', 'better-sqlite3-napi', 'pg'], onlyIn: 'packages/core/src/store' },
];

/** Folders whose code asks neither the clock nor the dice: time and chance are arguments. */
export const pureRooms = {
  folders: ['kernel', 'model', 'graph', 'authoring', 'machine', 'context'].map((room) => `packages/core/src/${room}`),
  // Where time and chance come from, and what lets the event loop turn.
  except: ['clock', 'ids', 'slices'].map((file) => `packages/core/src/kernel/${file}.ts`),
  forbiddenCalls: ['Date.now', 'Date', 'new Date', 'Math.random', 'performance.now', 'setTimeout', 'setInterval', 'setImmediate'],
};
