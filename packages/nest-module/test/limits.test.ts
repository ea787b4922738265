import { afterEach, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';

import { DEFAULT_LIMITS } from '../src/limits/api-limits.js';
import { QueryGate } from '../src/limits/query-gate.js';
import { ask } from './support/ask.js';
import { post, rawHttp } from './support/raw-http.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(stopApps);

const nested = (levels: number): string => (levels === 1 ? '{ id }' : `{ parent ${nested(levels - 1)} }`);
/** `task` and so many levels below it. */
const deep = (depth: number): string => `{ task(id: "a:1") ${nested(depth - 1)} }`;
const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, index) => `a${index}: workflows { name }`).join(' ')} }`;
const directives = (count: number): string =>
  `{ workflows { ${Array.from({ length: count }, () => 'name @include(if: true)').join(' ')} } }`;
/** 2 + 2 tokens for the braces, 4 for each field, 1 for each name more in the first. */
const tokens = (count: number): string => {
  const more = (count - 6) % 4;
  return `{ agents { name ${'name '.repeat(more)}} ${'agents { name } '.repeat((count - 6 - more) / 4)}}`;
};
const fields = (count: number): string => {
  // Each fragment spreads the one before twice: 1 field becomes 2, 4, 8 … Those that add up to the count are spread.
  const spread: string[] = [];
  const fragments = ['fragment F0 on Workflow { name }'];
  for (let level = 0, rest = BigInt(count) - 1n; rest > 0n; level += 1, rest >>= 1n) {
    if (level > 0) fragments.push(`fragment F${level} on Workflow { ...F${level - 1} ...F${level - 1} }`);
    if (rest & 1n) spread.push(`...F${level}`);
  }
  return `{ workflows { ${spread.join(' ')} } } ${fragments.join(' ')}`;
};

describe('the limits', () => {
  it('are these where the application says nothing', () => {
    expect(DEFAULT_LIMITS).toEqual({
      tokens: 1_000,
      depth: 15,
      aliases: 15,
      directives: 50,
      cost: 5_000,
      nodes: 10_000,
      bodyBytes: 1_048_576,
      operationTimeoutMs: 30_000,
      subscriptionsPerSocket: 100,
      subscriptionsPerTenant: 1_000,
      socketsPerTenant: 1_000,
      sockets: 10_000,
      operationsPerSecond: 100,
      messagesPerSecond: 500,
      connectionInitTimeoutMs: 3_000,
      recheckMs: 30_000,
      queuedBytes: 1_048_576,
      stalledReaderMs: 10_000,
    });
  });

  it.each([{ 'content-length': true }, { 'content-length': false }])('a body of 1 MiB is read, one byte more is not: %j', async (sent) => {
    const { url } = await startApp();
    const send = (bytes: number) => {
      const body = JSON.stringify({ query: '{ workflows { name } }' }).padEnd(bytes);
      const length: Record<string, string> = sent['content-length'] ? { 'content-length': `${bytes}` } : { 'transfer-encoding': 'chunked' };
      return rawHttp(url, { method: 'POST', headers: { 'content-type': 'application/json', ...length }, body });
    };
    expect((await send(1_048_576)).json()).toEqual({ data: { workflows: [{ name: 'welcome' }] } });
    const refused = await send(1_048_577);
    expect(refused.status).toBe(413);
    expect(refused.json()).toMatchObject({ errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] });
  });
});

describe('by default (Q1, Q2, Q3)', () => {
  it.each([
    ['tokens', tokens(1_001), 'QUERY_TOO_LARGE'],
    ['levels', deep(16), 'QUERY_TOO_DEEP'],
    ['aliases', aliases(16), 'TOO_MANY_ALIASES'],
    ['directives', directives(51), 'TOO_MANY_DIRECTIVES'],
    ['fields, fragments expanded', fields(5_001), 'QUERY_TOO_COSTLY'],
  ])('a query with one too many %s is refused with 400, over HTTP and WebSocket', async (_what, query, code) => {
    const { url, socketUrl } = await startApp();
    const { status, errors } = await ask(url, query);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code, remedy: expect.any(String) } }]);

    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    const refused = socket.answerTo('1');
    socket.send({ id: '1', type: 'subscribe', payload: { query } });
    expect(await refused).toMatchObject({ type: 'error', payload: [{ extensions: { code } }] });
  });

  it.each([
    ['tokens', tokens(1_000)],
    ['levels', deep(15)],
    ['aliases', aliases(15)],
    ['directives', directives(50)],
    ['fields, fragments expanded', fields(5_000)],
  ])('a query with just as many %s as are allowed is answered', async (_what, query) => {
    const { url } = await startApp();
    const { status, errors } = await ask(url, query);
    expect({ status, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({ status: 200, codes: [] });
  });

  it('what GraphiQL asks of the schema, and a tree of four levels, pass', async () => {
    const { url } = await startApp();
    expect(
      (await ask(url, getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true }))).errors,
    ).toEqual([]);
    const task =
      'key name type status statusReason blockReason progress attempt maxAttempts agent summary startedAt finishedAt error { code message }';
    const tree = `query ($id: ID!) { job(id: $id) { id name status progress counts { total completed failed } objective { ${task} children(first: 100) { nodes { ${task} children(first: 100) { nodes { ${task} children(first: 100) { nodes { ${task} } pageInfo { hasNextPage endCursor } } } } } } } } }`;
    expect((await ask(url, tree, { id: 'none' })).errors).toEqual([]);
  });
});

describe('a query made to hurt (Q1, Q2, Q3, Q4)', () => {
  const cancels = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}: cancelJob(id: "x") { id }`).join(' ');

  it.each([
    ['5,000 levels deep', `${'{ parent '.repeat(5_000)}{ id }${'}'.repeat(5_000)}`, 'QUERY_TOO_LARGE'],
    ['100 levels deep', deep(100), 'QUERY_TOO_DEEP'],
    [
      'of 10,000 fragments',
      `{ workflows { ...F0 } } ${Array.from({ length: 10_000 }, (_, index) => `fragment F${index} on Workflow { ...F${index + 1} }`).join(' ')}`,
      'QUERY_TOO_LARGE',
    ],
    [
      'with a list 10,000 levels deep',
      `{ agentsAccepting(input: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { name } }`,
      'QUERY_TOO_LARGE',
    ],
    ['with 5,000 aliases of a mutation', `mutation { ${cancels(5_000)} }`, 'QUERY_TOO_LARGE'],
    ['with 50 aliases of a mutation', `mutation { ${cancels(50)} }`, 'TOO_MANY_ALIASES'],
    ['with 5,000 directives', `{ workflows { name ${'@a '.repeat(5_000)} } }`, 'QUERY_TOO_LARGE'],
    ['with 400 directives', `{ workflows { name ${'@a '.repeat(400)} } }`, 'TOO_MANY_DIRECTIVES'],
    [
      'of fragments that spread each other in a circle',
      '{ workflows { ...A } } fragment A on Workflow { ...B } fragment B on Workflow { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['of fragments that double 60 times', fields(2 ** 60), 'QUERY_TOO_COSTLY'],
    ['with 200 unknown fields', `{ ${Array.from({ length: 200 }, (_, index) => `x${index}`).join(' ')} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s is refused, and the server lives', async (_what, query, code) => {
    const { url } = await startApp();
    await ask(url, '{ workflows { name } }');
    const { status, data, errors } = await ask(url, query);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors[0]).toMatchObject({ extensions: { code, remedy: expect.any(String) } });
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(errors.every(({ extensions }) => extensions.code !== 'INTERNAL')).toBe(true);
    expect((await ask(url, '{ workflows { name } }')).status).toBe(200);
  });
});

describe('a query that is much too large (Q1)', () => {
  const levels = (count: number): string => `${'{ parent '.repeat(count)}{ id }${'}'.repeat(count)}`;
  const fragments = (count: number): string =>
    Array.from({ length: count }, (_, index) => `fragment F${index} on Workflow { ...F${index + 1} }`).join(' ');

  it.each([
    ['tokens', 1_002, 100_002, tokens],
    ['levels', 500, 50_000, levels],
    // As many as a body of 1 MiB holds.
    ['fragments', 200, 20_000, fragments],
    ['fields of fragments that double each other', 2 ** 20, 2 ** 90, fields],
  ])('costs no more to refuse, with a hundred times the %s', (_what, small, large, make) => {
    const gate = new QueryGate(DEFAULT_LIMITS);
    // The machine may have other things to do: the best of many tells what a refusal costs.
    const costOf = (query: string): number => {
      const took = Array.from({ length: 20 }, () => {
        const startedAt = performance.now();
        expect(() => gate.admit(query)).toThrow(/limit|Syntax Error/);
        return performance.now() - startedAt;
      });
      return Math.min(...took);
    };
    expect(costOf(make(large)) / costOf(make(small))).toBeLessThan(20);
  });
});

describe('pages inside pages', () => {
  it('are answered until the operation has read as many objects as it may', async () => {
    const { url, engine } = await startApp({ taskloom: { api: { limits: { nodes: 60 } } } });
    const tasks = Array.from({ length: 10 }, (_, index) => ({ key: `t${index}`, agent: 'greet', input: { name: 'x' } }));
    for (let job = 0; job < 3; job += 1) await (await engine.submitJob({ name: 'wide', tasks })).result();
    const narrow = '{ jobs { nodes { tasks { nodes { key } } } } }';
    expect((await ask(url, narrow)).errors).toEqual([]);
    const wide = '{ jobs { nodes { tasks { nodes { key parent { children { nodes { key } } } } } } } }';
    const { errors } = await ask(url, wide);
    expect(errors[0]).toMatchObject({ extensions: { code: 'QUERY_TOO_COSTLY', details: { limit: 60, setting: 'api.limits.nodes' } } });
  });
});

describe('an operation that takes too long', () => {
  it('is answered OPERATION_TIMEOUT', async () => {
    const { url, engine } = await startApp({ taskloom: { api: { limits: { operationTimeoutMs: 30 } } } });
    engine.agentsAccepting = () => new Promise(() => {});
    const answer = await post(url, '{ agentsAccepting(input: {}) { name } }');
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TIMEOUT', details: { limit: 30 } } }] });
  });
});
