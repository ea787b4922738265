import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findViolations } from './find-violations.mjs';

const trees = [];
afterEach(() => trees.splice(0).forEach((tree) => rmSync(tree, { recursive: true })));

/** Writes a workspace of core and decorators plus the given files. */
function treeWith(files) {
  const tree = mkdtempSync(join(tmpdir(), 'import-orders-'));
  trees.push(tree);
  const manifests = {
    'package.json': { devDependencies: { 'fast-check': '1.0.0' } },
    'packages/core/package.json': { name: '@taskloom/core', dependencies: { typeorm: '1.0.0' }, devDependencies: { zod: '4.0.0' } },
    'packages/decorators/package.json': { name: '@taskloom/decorators', dependencies: { '@taskloom/core': 'workspace:*' } },
  };
  for (const [path, content] of [...Object.entries(manifests), ...Object.entries(files)]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return tree;
}

const broken = (files) => findViolations(treeWith(files)).violations.map(({ path, line, rule }) => `${path}:${line} ${rule}`);

describe('rooms of a package', () => {
  it('import rooms before them, and entries import everything', () => {
    const files = {
      'packages/core/src/kernel/json.ts': 'export const a = 1;',
      'packages/core/src/engine/engine.ts': "import { a } from '../kernel/json.js'; export const b = a;",
      'packages/core/src/index.ts': "export { b } from './engine/engine.js';",
    };
    expect(broken(files)).toEqual([]);
  });

  it('may not import a later room, by value, by type or by re-export', () => {
    const files = {
      'packages/core/src/kernel/a.ts': "\nimport { b } from '../engine/b.js';",
      'packages/core/src/model/b.ts': "import type { B } from '../graph/b.js';",
      'packages/core/src/graph/c.ts': "export { c } from '../machine/c.js';",
      'packages/core/src/machine/d.ts': "type D = import('../ledger/d.js').D;",
      'packages/core/src/context/e.ts': "const e = await import('../runtime/e.js');",
      'packages/core/src/engine/f.ts': "import { f } from '../index.js';",
    };
    expect(broken(files)).toEqual([
      'packages/core/src/context/e.ts:1 room-order',
      'packages/core/src/engine/f.ts:1 room-order',
      'packages/core/src/graph/c.ts:1 room-order',
      'packages/core/src/kernel/a.ts:2 room-order',
      'packages/core/src/machine/d.ts:1 room-order',
      'packages/core/src/model/b.ts:1 room-order',
    ]);
  });

  it('may not import a sibling', () => {
    const files = {
      'packages/core/src/store/a.ts': "import '../dispatch/b.js';",
      'packages/core/src/dispatch/b.ts': "import '../store/a.js';",
    };
    expect(broken(files)).toHaveLength(2);
  });

  it('must be named in the order', () => {
    expect(broken({ 'packages/core/src/attic/a.ts': '' })).toEqual(['packages/core/src/attic/a.ts:1 room-order']);
  });

  it('leave tests free', () => {
    expect(broken({ 'packages/core/src/kernel/a.test.ts': "import '../engine/b.js'; setTimeout(() => {}, Date.now());" })).toEqual([]);
  });
});

describe('packages', () => {
  it('import those to their left only', () => {
    const files = {
      'packages/decorators/src/a.ts': "import '@taskloom/core/internal';",
      'packages/core/src/engine/a.ts': "import '@taskloom/decorators';",
    };
    expect(broken(files)).toContain('packages/core/src/engine/a.ts:1 package-order');
    expect(broken(files)).not.toContainEqual(expect.stringContaining('packages/decorators'));
  });

  it('are not entered by a path', () => {
    const files = { 'packages/decorators/src/a.ts': "import '../../core/src/index.js';" };
    expect(broken(files)).toEqual(['packages/decorators/src/a.ts:1 package-order']);
  });

  it('must be named in the order', () => {
    expect(broken({ 'packages/attic/package.json': { name: '@taskloom/attic' } })).toEqual(['packages/attic/package.json:1 package-order']);
  });

  it('declare what they import; tests may use development dependencies', () => {
    const files = {
      'packages/core/src/engine/a.ts': "import 'zod'; import 'node:fs';",
      'packages/core/src/engine/a.test.ts': "import 'zod'; import 'fast-check'; import 'left-pad';",
    };
    expect(broken(files)).toEqual([
      'packages/core/src/engine/a.test.ts:1 undeclared-dependency',
      'packages/core/src/engine/a.ts:1 undeclared-dependency',
    ]);
  });

  it('keep TypeORM inside the store', () => {
    const files = {
      'packages/core/src/store/a.ts': "import { DataSource } from 'typeorm';",
      'packages/core/src/engine/a.ts': "import type { DataSource } from 'typeorm';",
    };
    expect(broken(files)).toEqual(['packages/core/src/engine/a.ts:1 confined-package']);
  });
});

describe('pure rooms', () => {
  it('ask neither the clock nor the dice', () => {
    const calls = ['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(f, 1)', 'globalThis.setTimeout(f, 1)', 'performance.now()'];
    const files = { 'packages/core/src/machine/a.ts': calls.join(';\n') };
    expect(broken(files)).toEqual(calls.map((_, index) => `packages/core/src/machine/a.ts:${index + 1} pure-room`));
  });

  it('may turn a given time into a date, and kernel/clock.ts is the clock', () => {
    const files = {
      'packages/core/src/machine/a.ts': 'export const at = (ms) => new Date(ms).toISOString();',
      'packages/core/src/kernel/clock.ts': 'export const now = () => Date.now();',
      'packages/core/src/engine/b.ts': 'export const now = () => Date.now();',
    };
    expect(broken(files)).toEqual([]);
  });
});

describe('the command', () => {
  const check = (tree) => spawnSync(process.execPath, [join(import.meta.dirname, 'import-orders.mjs'), tree], { encoding: 'utf8' });

  it('names file, line and rule and fails on a bad tree', () => {
    const { status, stdout } = check(treeWith({ 'packages/core/src/kernel/a.ts': "\n\nimport '../engine/b.js';" }));
    expect(stdout).toMatch(/^packages\/core\/src\/kernel\/a\.ts:3 {2}room-order {2}kernel may not import engine/);
    expect(status).toBe(1);
  });

  it('succeeds on a good tree', () => {
    expect(check(treeWith({})).status).toBe(0);
  });
});
