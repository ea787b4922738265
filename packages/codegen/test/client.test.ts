import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire, isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildSchema, graphql, parse, type ExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';

import { check, generate } from '../src/index.js';
import { CASES, isUpdating, readTree, writeTree } from './support/case-folders.js';
import { compileErrors } from './support/compile.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

const CASE = join(CASES, 'client');
/** The schema of the API, as the package that serves it has written it down. */
const SCHEMA = buildSchema(readFileSync(new URL('../../nest-module/schema.graphql', import.meta.url), 'utf8'));

let project: TemporaryProject;
let text: string;

beforeAll(async () => {
  const sources = Object.entries(readTree(CASE)).filter(([path]) => path.startsWith('src/'));
  project = new TemporaryProject(Object.fromEntries(sources));
  const { files } = await generate({ project: project.tsconfig, emit: ['client'] });
  text = files.find(({ path }) => path === 'client/workflows.client.ts')!.text;
  // As in a package for browsers, which has the generated client alone.
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM', 'DOM.AsyncIterable'],
    types: [],
    noEmit: true,
  };
  project.write({
    'web/generated/client/workflows.client.ts': text,
    'web/usage.ts': readFileSync(join(CASE, 'usage.txt'), 'utf8'),
    'web/tsconfig.json': JSON.stringify({ compilerOptions, include: ['.'] }),
  });
});

afterAll(() => project.remove());

describe('the generated client', () => {
  it('has every workflow with its types', () => {
    const found = { 'workflows.client.txt': text };
    if (isUpdating) writeTree(join(CASE, 'expected'), found);
    expect(found).toEqual(readTree(join(CASE, 'expected')));
  });

  it('compiles for browsers under the strictest flags, and refuses what does not fit', () => {
    expect(compileErrors(join(project.folder, 'web/tsconfig.json'), {})).toEqual([]);
  });

  it('asks for nothing of Node, nor for any package but the client and what that needs', () => {
    const { inputs } = bundle();
    const imports = Object.values(inputs).flatMap((input) => input.imports);
    expect(imports.filter(({ path, external }) => external === true || isBuiltin(path))).toEqual([]);
    const packages = Object.keys(inputs).map((path) => /(?:.*node_modules|packages)\/([^/]+)/.exec(path)?.[1] ?? 'the application');
    expect([...new Set(packages)].sort()).toEqual(['client', 'graphql', 'graphql-sse', 'graphql-ws', 'the application']);
  });

  it('imports types alone, so that nothing else of the application reaches the browser', () => {
    expect(text.match(/^import .*/gm)).toEqual(['import type {']);
  });

  it('refuses workflows that it would call alike', async () => {
    const workflow = (name: string): string =>
      `import { Workflow } from '@taskloom/decorators';\n@Workflow({ name: '${name}' })\nexport class It {\n  plan(): void {}\n}\n`;
    const alike = new TemporaryProject({ 'src/a.ts': workflow('URL-check'), 'src/b.ts': workflow('urlCheck') });
    try {
      await expect(check({ project: alike.tsconfig, emit: ['client'] })).rejects.toMatchObject({
        diagnostics: [
          {
            code: 'NAME_COLLISION',
            message: 'The workflow "urlCheck" and the workflow "URL-check" would both be called urlCheck in the generated client.',
          },
        ],
      });
      await check({ project: alike.tsconfig });
    } finally {
      alike.remove();
    }
  });
});

describe('in a browser', () => {
  let server: Server;
  let url: string;
  const calls: { readonly [name: string]: unknown }[] = [];

  beforeAll(async () => {
    server = createServer(answer(calls));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('starts a workflow, answers its question as it was read, and gives its output', async () => {
    // What browsers have, and nothing that Node has beside it.
    const streams = { ReadableStream, TransformStream, TextDecoderStream, TextDecoder, TextEncoder };
    const globals = { fetch, URL, Headers, Request, Response, AbortController, AbortSignal, setTimeout, clearTimeout, console, ...streams };
    const context = createContext({ ...globals });
    runInContext(bundle().code, context);
    const release = runInContext('app.release', context) as (address: string) => Promise<unknown>;
    expect(await release(url)).toEqual({ released: true, by: 'hand' });
    expect(calls).toEqual([
      {
        name: 'release',
        input: { version: '1.0', parts: [{ name: 'a', parts: [{ name: 'b' }] }], on: '2026-01-01T00:00:00Z' },
        options: { idempotencyKey: 'release-1.0' },
      },
      { id: 'q1', answer: { approve: true }, requestHash: 'as-it-reads', reason: 'looks good' },
    ]);
  });
});

interface Bundle {
  readonly code: string;
  /** What went into it, by path, and what each file imports. */
  readonly inputs: { readonly [path: string]: { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] } };
}

/** Bundles for browsers, in a process of its own: the program does not work inside Jest. */
function bundle(): Bundle {
  const program = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
  const [outfile, metafile] = [join(project.folder, 'web/app.js'), join(project.folder, 'web/app.json')];
  const entry = [join(project.folder, 'web/usage.ts'), '--bundle', '--platform=browser', '--format=iife', '--global-name=app'];
  execFileSync(process.execPath, [program, ...entry, `--outfile=${outfile}`, `--metafile=${metafile}`], {
    cwd: project.folder,
    stdio: 'pipe',
  });
  return { code: readFileSync(outfile, 'utf8'), ...(JSON.parse(readFileSync(metafile, 'utf8')) as Pick<Bundle, 'inputs'>) };
}

/** The API with one job, which asks one question: executed by the schema that the real one has. */
function answer(calls: object[]): (request: IncomingMessage, response: ServerResponse) => void {
  const now = '2026-01-01T00:00:00.000Z';
  const counts = new Proxy({}, { get: () => 0 });
  const moments = { createdAt: now, startedAt: now };
  const job = { id: 'j1', name: 'release', workflow: 'release', progress: 50, priority: 5, generation: 1, lastSeq: 3, counts, ...moments };
  const question = {
    id: 'q1',
    jobId: 'j1',
    taskId: 't1',
    taskKey: 'ask',
    name: 'approval',
    kind: 'QUESTION',
    question: 'Release 1.0?',
    requestHash: 'as-it-reads',
    onTimeout: 'DECIDE',
    status: 'OPEN',
    createdAt: now,
  };
  const answered = { ...question, status: 'ANSWERED', answer: { approve: true }, answeredBy: 'user', closedAt: now };
  let close: (value: typeof answered) => void;
  const closed = new Promise<typeof answered>((resolve) => (close = resolve));
  const rootValue = {
    startWorkflow: (given: object) => (calls.push(given), { ...job, status: 'RUNNING' }),
    answerHumanRequest: (given: object) => (calls.push(given), close(answered), answered),
    job: () => ({ ...job, status: 'COMPLETED', output: { released: true, by: 'hand' } }),
    humanRequested: async function* () {
      yield { humanRequested: question };
      yield { humanRequested: await closed };
    },
    jobUpdated: async function* () {
      yield { jobUpdated: { ...job, status: 'COMPLETED', success: true, finishedAt: now } };
    },
  };
  const streams = createHandler({
    onSubscribe: (_request, { query, variables }) => ({
      schema: SCHEMA,
      document: parse(query),
      variableValues: variables,
      rootValue,
      contextValue: undefined,
    }),
  });
  return (request, response) => {
    if (request.headers.accept === 'text/event-stream') return void streams(request, response);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: { [name: string]: unknown } };
      void graphql({ schema: SCHEMA, source: query, variableValues: variables, rootValue }).then((result: ExecutionResult) =>
        response.end(JSON.stringify(result)),
      );
    });
  };
}
