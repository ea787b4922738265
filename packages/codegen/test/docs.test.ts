import { join } from 'node:path';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { check, jsonSchemaOfDocument, type GenerateResult } from '../src/index.js';
import { mermaidText } from '../src/emitter/docs/markdown/plan-mermaid.js';
import { sampleOf } from '../src/shape/sample.js';
import { CASES, isUpdating, readTree, writeTree } from './support/case-folders.js';
import { typeCases } from './support/type-cases.js';

jest.setTimeout(120_000);

const folder = join(CASES, 'documented');
let result: GenerateResult;
let texts: { readonly [path: string]: string };

beforeAll(async () => {
  result = await check({ project: join(folder, 'tsconfig.json'), emit: ['mcp', 'docs'] });
  texts = Object.fromEntries(result.files.filter(({ path }) => /^(?:docs|mcp)\//.test(path)).map(({ path, text }) => [path, text]));
  if (isUpdating) writeTree(join(folder, 'expected'), texts);
});

describe('documentation', () => {
  it('has a page for each agent and workflow, an index, and all of it as one file', () => {
    expect(texts).toEqual(readTree(join(folder, 'expected')));
  });

  it('draws the plan that the workflow lays out for its example, with live values', () => {
    const page = texts['docs/workflows/inspect.md']!;
    expect(page).toContain('subgraph t0["Gather #34;everything#34;"]');
    expect(result.catalog.workflows.find(({ name }) => name === 'inspect')?.plan).toMatchObject({
      kind: 'drawn',
      graph: { example: { root: 'src', since: '2026-01-01T00:00:00Z', loud: true } },
    });
  });

  it('makes the example of the examples, defaults and constants of the properties', () => {
    expect(result.catalog.workflows.find(({ name }) => name === 'pieces')?.plan).toMatchObject({
      kind: 'drawn',
      graph: { example: { root: 'src', depth: 3 }, tasks: [{ key: 'list-files' }, { key: 'list-files-2' }, { key: 'list-files-3' }] },
    });
  });

  it('says that there is no example, and warns where a plan does not go through', () => {
    expect(texts['docs/workflows/unknown-example.md']).toContain('There is no example of the input');
    expect(texts['docs/workflows/needs-more.md']).toContain('The plan could not be drawn');
    expect(result.warnings).toMatchObject([
      {
        code: 'PLAN_NOT_DRAWN',
        severity: 'warning',
        message: expect.stringMatching(/^The plan of NeedsMore could not be drawn: Cannot read/),
      },
    ]);
  });

  it('names the workflows that use an agent', () => {
    expect(texts['docs/agents/weigh.md']).toContain('used by `inspect`');
  });

  it('has a page for each topic, with its payload and who publishes and subscribes it', () => {
    expect(texts['docs/topics/file~3achanged.md']).toContain('Topic · published by `watch` · subscribed by `keep-index`');
    expect(texts['docs/agents/keep-index.md']).toContain('subscribes `file:changed`, `said` · publishes `said`');
    expect(texts['docs/agents/keep-index.md']).toContain('Where `topic` is `"file:changed"`.');
    expect(texts['docs/index.html']).toContain('<a href="#topic/file%253Achanged">');
    expect(result.catalog.topics.map(({ name }) => name)).toEqual(['file:changed', 'said']);
  });

  it('keeps text from the sources text', () => {
    const html = texts['docs/index.html']!;
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect(texts['docs/agents/shout.md']).toContain(String.raw`Makes text \`LOUD\` \| &lt;b&gt;bold&lt;/b&gt; \*and\* \_more\_`);
    expect(mermaidText('"];\nclick t0 href "javascript:alert(1)" `%%{')).toBe(
      '#34;#93;#59; click t0 href #34;javascript:alert(1)#34; #96;#37;#37;#123;',
    );
  });

  it('asks nothing of the network', () => {
    const html = texts['docs/index.html']!;
    expect(html).not.toMatch(/<(?:link|img|iframe|object|embed)\b|@import|url\((?!#)|fetch\(|src=/);
    expect(html).toContain("default-src 'none'");
  });

  it('is not written unless it is asked for', async () => {
    const { files, catalog } = await check({ project: join(folder, 'tsconfig.json') });
    expect(files.filter(({ path }) => /^(?:docs|mcp)\//.test(path))).toEqual([]);
    expect(catalog.workflows.every(({ plan }) => plan === undefined)).toBe(true);
  });

  it('refuses an emitter that there is not', async () => {
    const unknown = check({ project: join(folder, 'tsconfig.json'), emit: ['pdf' as 'docs'] });
    await expect(unknown).rejects.toMatchObject({ diagnostics: [{ code: 'OPTION_INVALID', message: expect.stringContaining('"pdf"') }] });
  });
});

describe('the MCP manifest', () => {
  it('has each agent that tasks name as a tool whose input and output are objects', () => {
    const { tools } = JSON.parse(texts['mcp/tools.json']!) as {
      tools: { name: string; inputSchema: object; outputSchema: object; _meta: object }[];
    };
    expect(tools.map(({ name }) => name)).toEqual(['list-files', 'shout', 'watch', 'weigh']);
    const ajv = addFormats.default(new Ajv2020({ strict: true, allowUnionTypes: true }));
    for (const { inputSchema, outputSchema } of tools) {
      expect([inputSchema, outputSchema]).toMatchObject([{ type: 'object' }, { type: 'object' }]);
      ajv.compile(inputSchema);
      ajv.compile(outputSchema);
    }
    const shout = tools[1]!;
    expect(shout).toMatchObject({ _meta: { 'taskloom/agent': 'shout', 'taskloom/version': '1', 'taskloom/wrapped': ['input', 'output'] } });
    expect(ajv.validate(shout.inputSchema, { value: 'hey' })).toBe(true);
    expect(ajv.validate(shout.inputSchema, { value: 1 })).toBe(false);
  });
});

describe('an example', () => {
  const cases = typeCases('types', 'tsconfig.types.json').map((one) => [one.name, one] as const);
  /** Types for which none is found: their patterns are beyond guessing, or nothing fits. */
  const WITHOUT = new Set(['nested-template', 'template-literal', 'template-of-bigint-and-boolean', 'template-with-special-characters']);

  it.each(cases)('of %s fits its schema', (name, one) => {
    const { document } = one.read();
    const sample = sampleOf(document);
    expect([name, sample === undefined]).toEqual([name, WITHOUT.has(name)]);
    if (sample === undefined) return;
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const accepts = ajv.compile(jsonSchemaOfDocument(document));
    expect([accepts(sample), accepts.errors]).toEqual([true, null]);
  });
});
