import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const OUTSIDE_STORE = fileURLToPath(new URL('fixtures/outside-store.mjs', import.meta.url));

/** The packages that a built file imports, and those that the files it imports do. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const found = new Set<string>();
  for (const [, from] of readFileSync(`${DIST}${file}`, 'utf8').matchAll(/^(?:import|export|\}) ?(?:.* from )?"([^"]+)";$/gm)) {
    if (from!.startsWith('./')) for (const name of packagesOf(from!.slice(2), seen)) found.add(name);
    else found.add(from!);
  }
  return found;
}

/** Says, at each step, whether any file of TypeORM was loaded. */
const PROGRAM = `
  import { createRequire } from 'node:module';
  const files = createRequire(import.meta.url).cache;
  const say = (step) => console.log(step, Object.keys(files).some((path) => path.replaceAll('\\\\', '/').includes('/node_modules/typeorm/')));
  for (const door of ['index', 'internal', 'store', 'testing', 'store-contract']) {
    await import(\`./\${door}.js\`);
    say(door);
  }
  const { CrashingStore } = await import('./testing.js');
  const store = new CrashingStore({ path: ':memory:', crashAt: 1 });
  await store.open();
  await store.close();
  say('open');
`;

describe('what is built', () => {
  it('declares nothing in the words of TypeORM, whose declarations everybody would have to read', () => {
    const declarations = readdirSync(DIST).filter((name) => name.endsWith('.d.ts'));
    expect(declarations).toContain('index.d.ts');
    for (const name of declarations)
      expect([name, /(?:from|import|import\()\s*['"]typeorm/.exec(readFileSync(`${DIST}${name}`, 'utf8'))]).toEqual([name, null]);
  });

  it('loads TypeORM when a store is opened, and no sooner', () => {
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], { cwd: DIST, encoding: 'utf8' });
    expect(said.trim().split('\n')).toEqual([
      'index false',
      'internal false',
      'store false',
      'testing false',
      'store-contract false',
      'open true',
    ]);
  });

  it('asks for fast-check, which is optional, in the contract of stores only, and for no test runner anywhere', () => {
    expect(packagesOf('store-contract.js')).toContain('fast-check');
    // What shows that files behind files are looked at.
    expect(packagesOf('index.js')).toContain('croner');
    for (const door of ['index.js', 'internal.js', 'store.js', 'testing.js']) expect(packagesOf(door)).not.toContain('fast-check');
    const runners = [...packagesOf('store-contract.js')].filter((name) => /jest|vitest|mocha|node:test|^expect$/.test(name));
    expect(runners).toEqual([]);
  });

  it('has the contract of stores for any runner: a store passes it on that of Node, by the names of the packages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'taskloom-outside-store-'));
    try {
      const said = spawnSync(process.execPath, ['--test-reporter=tap', OUTSIDE_STORE, folder], { encoding: 'utf8' });

      expect(said.stdout.split('\n').filter((line) => /^ *not ok /.test(line))).toEqual([]);
      expect([said.status, Number(/^# pass (\d+)$/m.exec(said.stdout)?.[1]) > 180]).toEqual([0, true]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
