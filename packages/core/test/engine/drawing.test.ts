import { describe, expect, it } from '@jest/globals';

import type { Engine, GraphDetail, Redact, TaskSubmission } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { drawDot, readMermaid } from '../helpers/drawings.js';
import { refusal } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

interface JsonGraph {
  readonly title: string;
  readonly notes: readonly string[];
  readonly nodes: readonly { readonly key: string; readonly [field: string]: unknown }[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly mode: string }[];
}

async function ran(engine: Engine, tasks: readonly TaskSubmission[], name = 'job'): Promise<string> {
  const handle = await engine.submitJob({ name, tasks });
  await handle.result().catch(() => undefined);
  return handle.id;
}

async function jsonOf(
  engine: Engine,
  jobId: string,
  options: { detail?: GraphDetail; taskId?: string; depth?: number } = {},
): Promise<JsonGraph> {
  return JSON.parse(await engine.jobGraph(jobId, { format: 'JSON', ...options })) as JsonGraph;
}

const keysOf = ({ nodes }: JsonGraph): string[] => nodes.map(({ key }) => key);

describe('a drawing of a job', () => {
  it('renders in Graphviz and reads in Mermaid with quotes, newlines, emoji, right-to-left and control characters (A15, D22)', async () => {
    const text = 'say "hi"\n\\N 👩‍👩‍👧 <b>&amp;</b> שלום \u0007\u202e %%{init}%% `x` #35;';
    const works = agent('works', (_, ctx) => (ctx.summarize(text), { [text]: text }));
    const engine = await lab.start([works]);
    const id = await ran(
      engine,
      [
        { key: 's', type: 'STORY', name: text, description: text },
        { key: 'a', agent: 'works', parent: 's', name: text, description: text, input: { [text]: text } },
        { key: 'b', agent: 'works', dependsOn: [{ task: 'a', mode: 'settled' }] },
      ],
      text,
    );
    for (const detail of ['SIMPLE', 'DETAILED'] as const) {
      const drawn = drawDot(await engine.jobGraph(id, { format: 'DOT', detail }));
      const read = await readMermaid(await engine.jobGraph(id, { format: 'MERMAID', detail }));

      const shown = 'say "hi" \\N 👩‍👩‍👧 <b>&amp;</b> שלום %%{init}%% `x` #35;';
      expect(drawn.nodes.find((node) => node.id === 't2')!.lines[0]!.slice(0, 20)).toBe(shown.slice(0, 20));
      expect(read.nodes.filter((node) => node.id.startsWith('t'))).toEqual(drawn.nodes.filter((node) => node.id.startsWith('t')));
      expect(drawn.edges).toEqual(['t2->t3 settled']);
      expect(drawn.title).toBe(`${shown} (COMPLETED, 100 %)`);
    }
  });

  it('shows in detail what agents were given, gave and keep, and how they failed', async () => {
    const works = agent('works', async (_, ctx) => {
      await ctx.cache.task.set('one', 1);
      await ctx.cache.task.set('two', 2);
      await ctx.cache.job.set('not of the task', 3);
      return { lines: 3 };
    });
    const fails = agent('fails', () => {
      throw new Error('the disk is full');
    });
    const engine = await lab.start([works, fails]);
    const id = await ran(engine, [
      { key: 'a', agent: 'works', input: { path: 'src', depth: 2, list: [1, 2], more: 1 } },
      { key: 'b', agent: 'fails', failureStrategy: 'continue' },
    ]);
    const { nodes } = await jsonOf(engine, id, { detail: 'DETAILED' });

    expect(nodes[1]).toMatchObject({
      agent: 'works',
      status: 'COMPLETED',
      input: {
        fields: [
          { name: 'path', value: '"src"' },
          { name: 'depth', value: '2' },
          { name: 'list', value: '[2 items]' },
        ],
        more: 1,
      },
      output: { fields: [{ name: 'lines', value: '3' }], more: 0 },
      cacheEntries: 2,
      createdAt: expect.any(Number),
    });
    expect(nodes[2]).toMatchObject({ status: 'FAILED', error: 'the disk is full' });
    expect(nodes[2]).not.toHaveProperty('cacheEntries');
    expect((await jsonOf(engine, id)).nodes[1]).not.toHaveProperty('input');
  });

  it('shows a large output by its size', async () => {
    const big = agent('big', () => 'x'.repeat(70_000));
    const engine = await lab.start([big]);
    const { nodes } = await jsonOf(engine, await ran(engine, [{ key: 'a', agent: 'big' }]), { detail: 'DETAILED' });

    expect(nodes[1]!['output']).toEqual({ fields: [{ name: '', value: '70002 bytes' }], more: 0 });
  });

  it('of a very large job has 2,000 tasks, and says so', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 2_100 }, (_, no) => ({ key: `t${no}`, agent: 'echo' })),
    });
    const { nodes, notes } = await jsonOf(engine, handle.id);

    expect(nodes).toHaveLength(2_000);
    expect(notes).toContain('2000 of 2101 tasks are shown.');
    await handle.result();
  });

  it.each<[string, Parameters<Engine['jobGraph']>[1], string]>([
    ['a task of another job', { format: 'DOT', taskId: 'other:1' }, 'NOT_FOUND'],
    ['a task that does not exist', { format: 'DOT', taskId: 'JOB:99' }, 'NOT_FOUND'],
    ['what is no id', { format: 'DOT', taskId: 'x' }, 'NOT_FOUND'],
    ['what is no text', { format: 'DOT', taskId: 5 as never }, 'NOT_FOUND'],
    ['a format that is none', { format: 'PDF' as never }, 'OPTIONS_INVALID'],
    ['a detail that is none', { format: 'DOT', detail: 'SOME' as never }, 'OPTIONS_INVALID'],
    ['a depth below 0', { format: 'DOT', taskId: 'JOB:1', depth: -1 }, 'OPTIONS_INVALID'],
    ['half a step', { format: 'DOT', taskId: 'JOB:1', depth: 0.5 }, 'OPTIONS_INVALID'],
    ['a depth above 100', { format: 'DOT', taskId: 'JOB:1', depth: 101 }, 'OPTIONS_INVALID'],
  ])('refuses %s', async (_, options, code) => {
    const engine = await lab.start([echo]);
    const id = await ran(engine, [{ key: 'a', agent: 'echo' }]);
    const { taskId } = options;
    const near = typeof taskId === 'string' ? { taskId: taskId.replace('JOB', id) } : {};

    expect((await refusal(engine.jobGraph(id, { ...options, ...near }))).code).toBe(code);
  });
});

describe('the neighbourhood of a task', () => {
  const tasks: readonly TaskSubmission[] = [
    { key: 's', type: 'STORY' },
    { key: 'a', agent: 'echo', parent: 's' },
    { key: 'b', agent: 'echo', parent: 's', dependsOn: ['a'] },
    { key: 'c', agent: 'echo', dependsOn: ['b'] },
    { key: 'd', agent: 'echo', dependsOn: ['c'] },
    { key: 'below', agent: 'echo', parent: 'b' },
    { key: 'far', agent: 'echo' },
  ];

  it.each<[number | undefined, string[]]>([
    [0, ['b']],
    [undefined, ['s', 'a', 'b', 'c', 'below']],
    [1, ['s', 'a', 'b', 'c', 'below']],
    [2, ['objective', 's', 'a', 'b', 'c', 'd', 'below']],
    [3, ['objective', 's', 'a', 'b', 'c', 'd', 'below', 'far']],
    [100, ['objective', 's', 'a', 'b', 'c', 'd', 'below', 'far']],
  ])('within %s steps goes along dependencies both ways, up and down', async (depth, keys) => {
    const engine = await lab.start([echo]);
    const id = await ran(engine, tasks);
    const all = await jsonOf(engine, id);
    const no = all.nodes.find(({ key }) => key === 'b')!['no'] as number;
    const part = await jsonOf(engine, id, { taskId: `${id}:${no}`, ...(depth === undefined ? undefined : { depth }) });

    expect(keysOf(part).sort()).toEqual([...keys].sort());
    expect(part.notes[0]).toBe(`What is within ${depth ?? 1} step${depth === undefined || depth === 1 ? '' : 's'} of ${id}:${no}.`);
    expect(part.edges.every(({ from, to }) => [from, to].every((end) => part.nodes.some((node) => node['no'] === end)))).toBe(true);
  });

  it('is read without the rest of the job, the nearest first where it is too large', async () => {
    const engine = await lab.start([echo]);
    const wide = Array.from({ length: 2_100 }, (_, no) => ({ key: `t${no}`, agent: 'echo', dependsOn: ['hub'] }));
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'hub', agent: 'echo' }, { key: 'before', agent: 'echo' }, ...wide],
    });
    const { nodes } = await jsonOf(engine, handle.id, { taskId: `${handle.id}:1` });

    expect(nodes).toHaveLength(2_000);
    expect(nodes[1]).toMatchObject({ key: 'hub' });
    await handle.result();
  });
});

describe('the redaction of drawings', () => {
  async function drawnWith(redact: Redact): Promise<JsonGraph['nodes']> {
    const works = agent('works', () => ({ token: 's3cret', lines: 1 }));
    const fails = agent('fails', () => {
      throw new Error('s3cret was wrong');
    });
    const engine = await lab.start([works, fails], { redact });
    const id = await ran(engine, [
      { key: 'a', agent: 'works', input: { password: 's3cret' } },
      { key: 'b', agent: 'fails', failureStrategy: 'continue' },
    ]);
    for (const format of ['DOT', 'MERMAID', 'JSON'] as const)
      expect(await engine.jobGraph(id, { format, detail: 'DETAILED' })).not.toContain('s3cret');
    return (await jsonOf(engine, id, { detail: 'DETAILED' })).nodes;
  }

  it('decides what is shown of inputs, outputs and errors', async () => {
    const asked: unknown[] = [];
    const nodes = await drawnWith((value, about) => {
      asked.push({ ...about, jobId: typeof about.jobId });
      if (about.side === 'input') return undefined;
      return about.side === 'error' ? 'An error.' : { ...(value as object), token: '***' };
    });

    expect(nodes[1]).not.toHaveProperty('input');
    expect(nodes[1]!['output']).toEqual({
      fields: [
        { name: 'token', value: '"***"' },
        { name: 'lines', value: '1' },
      ],
      more: 0,
    });
    expect(nodes[2]!['error']).toBe('An error.');
    expect(asked).toContainEqual({ side: 'input', jobId: 'string', taskKey: 'a', agent: 'works' });
    expect(asked).toContainEqual({ side: 'error', jobId: 'string', taskKey: 'b', agent: 'fails' });
  });

  it.each<[string, Redact]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives no JSON', () => new Date() as unknown as string],
  ])('that %s shows nothing', async (_, redact) => {
    const nodes = await drawnWith(redact);

    expect(nodes[1]!['output']).toEqual({ fields: [{ name: '', value: '"(not shown)"' }], more: 0 });
    expect(nodes[2]!['error']).toBe('(not shown)');
  });
});
