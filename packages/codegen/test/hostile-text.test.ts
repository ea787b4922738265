import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '@taskloom/core';
import ts from 'typescript';

import { check, type EmittedFile } from '../src/index.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(240_000);

/** Texts that mean something somewhere: in code, in comments, in JSON, in HTML, in Markdown, in GraphQL, in paths. */
const TEXTS = [
  '*/ globalThis.pwned = true; /*',
  '// x',
  '`${process.exit(7)}`',
  '"quoted" \'single\'',
  '\\',
  '\\u0041 \\x41 \\',
  'one\ntwo\r\nthree',
  'a\u2028b\u2029c',
  '\0 \u001b[31m \u007f',
  '</script><script>alert(1)</script>',
  '<!-- <![CDATA[ --> ]]>',
  '&lt; &#60; &amp;',
  '| a | b |',
  '# heading',
  '```js',
  '[link](javascript:alert(1)) ![x](y)',
  '"""description"""',
  '@deprecated @see {@link x}',
  '../../x',
  'C:\\x\\..\\y',
  'constructor',
  'class',
  'toString',
  '%%{init: {}}%%',
  'ünïcödé 🐙 \u202e right to left',
  '1e999',
  'null',
  ' ',
];
/** The same without anything that could mean something. */
const BLAND = TEXTS.map((text) => text.replaceAll(/\S/gu, 'x'));

/** For each text an agent that has it in its types, one that has it in its schema, a workflow, and a topic that is published and heard. */
function sources(texts: readonly string[]): { [path: string]: string } {
  const HEAD =
    "import { defineTopic, type Flow, type TopicMessage } from '@taskloom/core';\nimport { PubSubAgent, TaskAgent, Workflow } from '@taskloom/decorators';\nimport { z } from 'zod';\n";
  const classes = texts.map((given, index) => {
    const text = JSON.stringify(given);
    return `
@TaskAgent({ name: 'typed-${index}', description: ${text}, version: ${text}, capabilities: [${text}] })
export class Typed${index} {
  execute(input: { ${text}: string; value: ${text} | 'other'; list: (1 | ${text})[] }) {
    return input;
  }
}
@TaskAgent({
  name: 'given-${index}',
  input: z.object({ a: z.string().default(${text}).describe(${text}), b: z.enum([${text}, 'other']), c: z.literal(${text}) }),
  output: z.object({ [${text}]: z.array(z.string()).meta({ title: ${text}, examples: [[${text}]] }) }),
})
export class Given${index} {
  execute(): never {
    throw new Error();
  }
}
const Topic${index} = defineTopic({
  name: 'topic-${index}',
  description: ${text},
  payload: z.object({ [${text}]: z.string().describe(${text}), b: z.enum([${text}, 'other']), c: z.literal(${text}).default(${text}) }).describe(${text}),
});
@PubSubAgent({ name: 'hears-${index}', description: ${text}, subscribes: [Topic${index}], publishes: [Topic${index}] })
export class Hears${index} {
  execute(message: TopicMessage<typeof Topic${index}>) {
    return message.topic;
  }
}
@Workflow({
  name: 'flow-${index}',
  description: ${text},
  input: z.object({ a: z.string().default(${text}).describe(${text}) }).describe(${text}),
})
export class Flow${index} {
  plan(_flow: Flow, _input: { a: string }): void {}
}
`;
  });
  return { 'src/all.ts': HEAD + classes.join('') };
}

const projects: TemporaryProject[] = [];
let hostile: ReadonlyMap<string, string>;
let bland: ReadonlyMap<string, string>;

async function generated(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const project = new TemporaryProject(sources(texts));
  projects.push(project);
  const { files } = await check({ project: project.tsconfig, emit: ['client', 'docs', 'graphql', 'mcp'] });
  return new Map(files.map(({ path, text }: EmittedFile) => [path, text]));
}

beforeAll(async () => {
  hostile = await generated(TEXTS);
  bland = await generated(BLAND);
});

afterAll(() => {
  for (const project of projects) project.remove();
});

describe('whatever a text holds', () => {
  it('the same files are written', () => {
    expect([...hostile.keys()]).toEqual([...bland.keys()]);
  });

  it.each([
    ['TypeScript', /\.ts$/, codeSkeleton],
    ['JSON', /\.json$/, (text: string) => jsonSkeleton(JSON.parse(text) as Json)],
    ['HTML', /\.html$/, htmlSkeleton],
    ['Markdown', /\.md$/, markdownSkeleton],
  ])('nothing but the text changes in %s', (_kind, ending, skeletonOf) => {
    const paths = [...hostile.keys()].filter((path) => ending.test(path));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths)
      expect({ path, skeleton: skeletonOf(hostile.get(path)!) }).toEqual({ path, skeleton: skeletonOf(bland.get(path)!) });
  });

  it('is all there', () => {
    const schema = JSON.parse(hostile.get('schemas/given-3.input.json')!) as {
      properties: { a: { default: string; description: string } };
    };
    for (const [index, text] of TEXTS.entries()) {
      const { properties } = JSON.parse(hostile.get(`schemas/given-${index}.input.json`)!) as typeof schema;
      expect(properties.a).toMatchObject({ default: text, description: text });
      const typed = JSON.parse(hostile.get(`schemas/typed-${index}.input.json`)!) as {
        properties: { [name: string]: { enum?: string[] } };
      };
      expect(Object.keys(typed.properties)[0]).toBe(text);
      expect(typed.properties['value']!.enum).toEqual([text, 'other']);
      const topic = JSON.parse(hostile.get(`schemas/topic-${index}.payload.json`)!) as typeof typed & { properties: { c: object } };
      expect(Object.keys(topic.properties)[0]).toBe(text);
      expect(topic.properties.c).toMatchObject({ const: text, default: text });
    }
  });
});

/** Kinds of all nodes; names may be written as identifiers or as texts. */
function codeSkeleton(text: string): string[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  const kinds = parseDiagnostics.map(({ messageText }) => `error: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  const visit = (node: ts.Node): void => {
    kinds.push(ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? 'name or text' : ts.SyntaxKind[node.kind]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return kinds;
}

function jsonSkeleton(value: Json): unknown {
  if (Array.isArray(value)) return value.map((item: Json) => jsonSkeleton(item));
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.values(value).map((part) => jsonSkeleton(part as Json));
}

/** Tags with the names of their attributes. */
function htmlSkeleton(text: string): string[] {
  return [...text.matchAll(/<(!--|\/?[a-zA-Z!][^\s>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*>?/g)].map(
    ([, tag, attributes]) => `${tag} ${[...attributes!.matchAll(/([^\s=]+)="[^"]*"/g)].map(([, name]) => name).join(' ')}`,
  );
}

/** What each line is: a heading, a row with so many cells, a fence, or text. */
function markdownSkeleton(text: string): string[] {
  return text.split('\n').map((line) => {
    if (line.startsWith('#')) return /^#+/.exec(line)![0];
    if (/^`{3,}/.test(line)) return 'fence';
    if (line.startsWith('|')) return `row of ${[...line.matchAll(/(?<!\\)\|/g)].length - 1}`;
    return line.trim() === '' ? '' : 'text';
  });
}
