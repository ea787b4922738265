import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { check, defineGeneratorPlugin, generate, jsonSchemaOfDocument, type GeneratorPlugin } from '../src/index.js';
import { readTree } from './support/case-folders.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

const SOURCE = `
import { TaskAgent } from '@taskloom/decorators';

export class Money {
  constructor(readonly cents: number) {}
  plus(other: Money): Money { return new Money(this.cents + other.cents); }
}

@TaskAgent({ name: 'pay' })
export class Pay {
  execute(input: { amount: Money; to: string }) {
    return { paid: input.to };
  }
}
`;

/** Reads a class that would be refused as the text it is sent as. */
const money = defineGeneratorPlugin({
  name: 'money',
  rules: [
    {
      name: 'money',
      read: (type) =>
        type.symbol?.name === 'Money'
          ? { kind: 'string', pattern: '^[0-9]+\\.[0-9]{2}$', annotations: { description: 'An amount of money' } }
          : null,
    },
  ],
});

/** Writes one list of everything there is. */
const list = defineGeneratorPlugin({
  name: 'list',
  emitters: [
    {
      name: 'list',
      emit: ({ agents }) => ({
        files: [
          {
            path: 'list.json',
            text: `${JSON.stringify(agents.map(({ name, input }) => ({ name, required: jsonSchemaOfDocument(input)['required'] })))}\n`,
          },
        ],
        diagnostics: [],
      }),
    },
  ],
});

let project: TemporaryProject;

beforeEach(() => {
  project = new TemporaryProject({ 'src/pay.ts': SOURCE });
});

afterEach(() => project.remove());

const run = (...plugins: readonly GeneratorPlugin[]): ReturnType<typeof check> => check({ project: project.tsconfig, plugins });

describe('a plugin', () => {
  it('reads types that the generator refuses', async () => {
    await expect(run()).rejects.toMatchObject({ diagnostics: [{ code: 'TYPE_CLASS' }] });
    const { catalog } = await run(money);
    expect(jsonSchemaOfDocument(catalog.agents[0]!.input)).toMatchObject({
      properties: { amount: { type: 'string', description: 'An amount of money' }, to: { type: 'string' } },
    });
  });

  it('writes files of its own, beside the others', async () => {
    await generate({ project: project.tsconfig, plugins: [money, list] });
    expect(readTree(project.outDir)['list.json']).toBe('[{"name":"pay","required":["amount","to"]}]\n');
    expect(Object.keys(readTree(project.outDir))).toEqual([
      'list.json',
      'schemas/pay.input.json',
      'schemas/pay.output.json',
      'taskloom.generated.ts',
    ]);
  });

  it('may change the catalog before it is written', async () => {
    const loud = defineGeneratorPlugin({
      name: 'loud',
      catalog: (catalog) => ({ ...catalog, agents: catalog.agents.map((agent) => ({ ...agent, description: 'PAYS' })) }),
    });
    const { files } = await run(money, loud);
    expect(files.find(({ path }) => path.endsWith('.ts'))!.text).toContain('/** PAYS */\nexport function pay(');
  });

  it('changes nothing by default', async () => {
    const [without, withIt] = [await run(money), await run(money, defineGeneratorPlugin({ name: 'nothing' }))];
    expect(withIt.files).toEqual(without.files);
  });

  it('is named when it fails, and nothing is written', async () => {
    const failing = (part: Omit<GeneratorPlugin, 'name'>): GeneratorPlugin => defineGeneratorPlugin({ name: 'broken', ...part });
    const crash = (): never => {
      throw new Error('out of ideas');
    };
    const message = (where: string): object => ({
      diagnostics: [{ code: 'PLUGIN_FAILED', message: `The plugin "broken" failed (${where}): out of ideas` }],
    });
    await expect(run(failing({ rules: [{ name: 'r', read: crash }] }))).rejects.toMatchObject(message('rule r'));
    await expect(run(money, failing({ emitters: [{ name: 'e', emit: crash }] }))).rejects.toMatchObject(message('emitter e'));
    await expect(run(money, failing({ catalog: crash }))).rejects.toMatchObject(message('catalog'));
    expect(readTree(project.outDir)).toEqual({});
  });

  it('cannot write outside the output folder, nor over the files of others', async () => {
    const writes = (path: string): GeneratorPlugin =>
      defineGeneratorPlugin({
        name: 'escape',
        emitters: [{ name: 'escape', emit: () => ({ files: [{ path, text: '' }], diagnostics: [] }) }],
      });
    for (const path of ['../outside.txt', '/etc/outside', 'a/../../b', './a', 'a//b', 'TASKLOOM.generated.ts']) {
      await expect(run(money, writes(path))).rejects.toMatchObject({ diagnostics: [{ code: 'OUTPUT_OUTSIDE' }] });
    }
  });

  it('needs a name', () => {
    expect(() => defineGeneratorPlugin({ name: '' })).toThrow('needs a name');
  });
});
