import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { build, type Metafile } from 'esbuild';

import type { TaskloomClient } from '../src/index.js';
import { closeFakeServers, fakeServer } from './support/fake-server.js';

afterEach(closeFakeServers);

/** What a page has. Nothing of Node.js is among it. */
const PAGE = {
  URL,
  fetch,
  Response,
  ReadableStream,
  TextDecoder,
  AbortController,
  AbortSignal,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
};

let code: string;
let metafile: Metafile;

beforeAll(async () => {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'taskloom',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  code = result.outputFiles[0]!.text;
  ({ metafile } = result);
});

describe('bundled for a browser', () => {
  it('imports nothing of Node.js and nothing that is left to the page', () => {
    const imports = Object.values(metafile.inputs).flatMap(({ imports: own }) => own);
    expect(imports.filter(({ path, external }) => external === true || isBuiltin(path))).toEqual([]);
  });

  it('is small: the client, graphql-ws and graphql-sse', () => {
    const [output] = Object.values(metafile.outputs);
    const packages = Object.entries(output!.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => /.*node_modules\/([^/]+)/.exec(path)?.[1]);
    expect(new Set(packages)).toEqual(new Set([undefined, 'graphql-ws', 'graphql-sse']));
    expect(code.length).toBeLessThan(40_000);
  });

  it('asks, and watches, where only a page’s own objects are', async () => {
    const { url } = await fakeServer((response, _nth, { headers }) => {
      if (headers.accept !== 'text/event-stream') return response.end('{"data":{"job":{"id":"x","status":"RUNNING"}}}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end('event: next\ndata: {"data":{"jobEvents":{"seq":1}}}\n\nevent: complete\ndata: \n\n');
    });
    const page = createContext({ ...PAGE, location: { href: url } });
    const { TaskloomClient: Client } = runInContext(`${code};taskloom`, page) as { TaskloomClient: typeof TaskloomClient };
    // A path will do in a page.
    const client = new Client({ url: '/graphql', transport: 'sse' });
    expect(await client.job('x')).toEqual({ id: 'x', status: 'RUNNING' });
    const seen: number[] = [];
    for await (const { seq } of client.jobEvents('x')) seen.push(seq);
    expect(seen).toEqual([1]);
  });
});
