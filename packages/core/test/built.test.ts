import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** Says, at each step, whether any file of TypeORM was loaded. */
const PROGRAM = `
  import { createRequire } from 'node:module';
  const files = createRequire(import.meta.url).cache;
  const say = (step) => console.log(step, Object.keys(files).some((path) => path.replaceAll('\\\\', '/').includes('/node_modules/typeorm/')));
  for (const door of ['index', 'internal', 'testing']) {
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
    expect(said.trim().split('\n')).toEqual(['index false', 'internal false', 'testing false', 'open true']);
  });
});
