import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { check, GeneratorError } from '@taskloom/codegen';

import { moneyPlugin } from '../src/index.js';

jest.setTimeout(60_000);

const here = fileURLToPath(new URL('.', import.meta.url));
const project = join(here, 'project/tsconfig.json');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The same project with another `Money`. */
function projectWith(money: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-example-plugin-')));
  folders.push(folder);
  cpSync(join(here, 'project/src'), join(folder, 'src'), { recursive: true });
  symlinkSync(join(here, '../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(here, '../../../tsconfig.base.json'), compilerOptions: { types: [] }, include: ['src'] }),
  );
  const file = join(folder, 'src/pay.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/export type Money = .*;/, `export type Money = ${money};`));
  return join(folder, 'tsconfig.json');
}

describe('the example plugin', () => {
  it('reads a type its own way', async () => {
    const rootOf = async (plugins: readonly (typeof moneyPlugin)[]): Promise<unknown> =>
      (await check({ project, plugins })).catalog.agents[0]?.input.root;
    expect(await rootOf([])).toMatchObject({ properties: [{ name: 'amount', shape: { kind: 'string' } }, { name: 'to' }] });
    expect(JSON.stringify(await rootOf([]))).not.toContain('pattern');
    expect(await rootOf([moneyPlugin])).toMatchObject({
      properties: [{ name: 'amount', shape: { kind: 'string', pattern: '^-?[0-9]+\\.[0-9]{2} [A-Z]{3}$' } }, { name: 'to' }],
    });
  });

  it('refuses with a diagnostic at the place', async () => {
    const failed = await check({ project: projectWith('{ cents: number }'), plugins: [moneyPlugin] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(GeneratorError);
    expect((failed as GeneratorError).diagnostics[0]).toMatchObject({
      code: 'TYPE_UNSUPPORTED',
      message: '`amount` in the input of Pay is called Money and is not the branded text.',
      remedy: expect.stringMatching(/^Import Money\./),
      place: { line: 11, column: 20 },
    });
  });

  it('writes an operation for each workflow', async () => {
    const { files } = await check({ project, plugins: [moneyPlugin] });
    const { paths } = JSON.parse(files.find(({ path }) => path === 'openapi.json')!.text) as { paths: Record<string, { post: object }> };
    expect(Object.keys(paths)).toEqual(['/workflows/settle']);
    expect(paths['/workflows/settle']?.post).toMatchObject({
      operationId: 'settle',
      summary: 'Pays what is due.',
      requestBody: { content: { 'application/json': { schema: { required: ['due'] } } } },
    });
  });

  it('works as a built package', () => {
    const text = `import { moneyPlugin } from ${JSON.stringify(join(here, '../dist/index.js'))}; console.log(moneyPlugin.name)`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' })).toBe('money\n');
  });
});
