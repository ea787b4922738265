import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { drawDot, readMermaid } from '../../test/helpers/drawings.js';
import type { Json } from '../kernel/json.js';
import { DEPENDENCY_MODES, TASK_STATUSES } from '../model/task.js';
import { drawable, shorten } from './escape.js';
import { nodeLines, titleOf } from './node-lines.js';
import { previewSize, previewValue } from './preview-value.js';
import { renderDot } from './render-dot.js';
import { GRAPH_DETAILS, renderJson, type Graph, type GraphNode } from './render-graph.js';
import { renderMermaid } from './render-mermaid.js';
import { STATUS_COLORS } from './status-colors.js';

const CREATED = Date.UTC(2026, 0, 2, 3, 4, 5);

function node(no: number, fields: Partial<GraphNode> = {}): GraphNode {
  return {
    no,
    id: `job:${no}`,
    key: `t${no}`,
    name: `Task ${no}`,
    type: no === 0 ? 'OBJECTIVE' : 'TASK',
    agent: no === 0 ? null : 'work',
    description: null,
    status: 'READY',
    statusReason: null,
    attempt: 0,
    progress: 0,
    parent: no === 0 ? null : 0,
    dependencies: [],
    createdAt: CREATED,
    cachedFrom: null,
    ...fields,
  };
}

const graph = (nodes: readonly GraphNode[], fields: Partial<Graph> = {}): Graph => ({ title: 'Job', notes: [], nodes, ...fields });

const NASTY = [
  'say "hello"',
  'back\\slash \\n \\" \\',
  '\\',
  'two\nlines\r\nthree\rfour',
  '\n\nbegins with empty lines',
  'emoji 👩‍👩‍👧‍👦 🙂',
  '</script><script>alert(1)</script>',
  '<b>bold</b> & <i>more',
  '&lt;already&gt; &#x27; &amp; &eacute; &nosuch; &',
  'a -> b; } digraph x {',
  '}]);%%{init: {}}%%',
  'end',
  'subgraph x',
  '`code` #35; #quot; ~~~ :::RED',
  '"`**markdown**`"',
  '\u0000\u0007\u001b[31m\u007f\u0085',
  '\ud800 lone \udc00',
  '\u202eRTL\u2066',
  'tags \u{E0069}\u{E0067}\u{E006E}\u{E007F} and \u200B\u061C marks',
  'שלום עולם مرحبا',
  '\u2028\u2029',
  '\ufffe\uffff\ufeff',
  '',
  ' ',
  'x'.repeat(5_000),
  '漢字'.repeat(500),
  '\\N \\G \\E \\T \\L \\l \\r',
  '{a|b|<c> d}',
  '%{x}%',
  '__proto__',
  'ﬂ°quot¶ß',
  '1. list',
  '- item',
];

const texts = fc.oneof(
  { arbitrary: fc.constantFrom(...NASTY), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 2 },
  {
    arbitrary: fc.string({
      unit: fc.constantFrom('"', '\\', '\n', '&', '#', ';', '<', '>', '`', '🙂', 'ש', ' ', 'a', '}', ']'),
      maxLength: 60,
    }),
    weight: 2,
  },
);
const names = texts.filter((text) => drawable(text) !== '');
const graphs: fc.Arbitrary<Graph> = fc.record({
  title: names,
  notes: fc.array(names, { maxLength: 2 }),
  nodes: fc
    .array(
      fc.record({
        name: texts,
        key: names,
        description: fc.option(texts),
        agent: fc.option(names),
        input: fc.option(fc.jsonValue()),
        output: fc.option(fc.dictionary(texts, texts, { maxKeys: 5 })),
        error: fc.option(texts),
        cacheEntries: fc.option(fc.nat(5)),
        status: fc.constantFrom(...TASK_STATUSES),
        parent: fc.nat(99),
        on: fc.nat(99),
        mode: fc.constantFrom(...DEPENDENCY_MODES),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((drafts) =>
      drafts.map(({ parent, on, mode, input, output, error, cacheEntries, ...fields }, no) =>
        node(no, {
          ...fields,
          ...(input === null ? undefined : { input: previewValue(input as Json) }),
          ...(output === null ? undefined : { output: previewValue(output) }),
          ...(error === null ? undefined : { error }),
          ...(cacheEntries === null ? undefined : { cacheEntries }),
          parent: no === 0 ? null : parent % no,
          dependencies: no > 0 && on % 3 > 0 ? [{ on: on % no, mode }] : [],
        }),
      ),
    ),
});

const expectedEdges = ({ nodes }: Graph): string[] =>
  nodes
    .flatMap(({ no, dependencies }) => dependencies.map(({ on, mode }) => `t${on}->t${no}${mode === 'completed' ? '' : ` ${mode}`}`))
    .sort();
const parents = ({ nodes }: Graph): GraphNode[] => nodes.filter(({ no }) => nodes.some(({ parent }) => parent === no));

describe('a job in DOT', () => {
  it('is a picture with every task, in a box with what stands below it', () => {
    const { nodes, boxes, title } = drawDot(
      renderDot(
        graph([node(0, { name: 'Report' }), node(1, { name: 'Story', type: 'STORY' }), node(2, { parent: 1 }), node(3, { parent: 1 })]),
        'SIMPLE',
      ),
    );

    expect(title).toBe('Job');
    expect(nodes.map(({ lines }) => lines[0])).toEqual(['Report', 'Story', 'Task 2', 'Task 3']);
    expect(boxes.map(({ lines }) => lines[0])).toEqual(['Report', 'Story']);
  });

  it('has an arrow for each dependency, and says the mode where it is not "completed"', () => {
    const { edges } = drawDot(
      renderDot(
        graph([
          node(0),
          node(1),
          node(2, { dependencies: [{ on: 1, mode: 'completed' }] }),
          node(3, { dependencies: [{ on: 1, mode: 'settled' }] }),
        ]),
        'SIMPLE',
      ),
    );

    expect(edges).toEqual(['t1->t2', 't1->t3 settled']);
  });

  it('leaves out arrows from tasks that are not in the picture', () => {
    const dot = renderDot(graph([node(5, { parent: 4, dependencies: [{ on: 3, mode: 'completed' }] })]), 'SIMPLE');

    expect(drawDot(dot).edges).toEqual([]);
    expect(dot).not.toContain('t3');
  });

  it('shows number, key, status and description of a task', () => {
    const { nodes } = drawDot(
      renderDot(
        graph([node(7, { key: 'read', name: 'Read', description: 'd'.repeat(60), status: 'BLOCKED', statusReason: 'MANUAL' })]),
        'SIMPLE',
      ),
    );

    expect(nodes[0]!.lines).toEqual(['Read', '#7 read', 'BLOCKED (MANUAL)', `${'d'.repeat(49)}…`]);
  });

  it('tells more in detail: agent, attempt, the first three fields of input and output, cached values, the time', () => {
    const detailed = node(1, {
      agent: 'reader',
      attempt: 2,
      status: 'IN_PROGRESS',
      progress: 40,
      input: previewValue({ path: 'src', depth: 3, list: [1, 2], more: true, other: {} }),
      output: previewValue(['a']),
      cacheEntries: 2,
      cachedFrom: 'other:3',
    });

    expect(drawDot(renderDot(graph([detailed]), 'DETAILED')).nodes[0]!.lines).toEqual([
      'Task 1',
      '#1 t1',
      'IN_PROGRESS, attempt 2, 40 %',
      'agent reader',
      'in path: "src"',
      'in depth: 3',
      'in list: [2 items]',
      'in … 2 more',
      'out 0: "a"',
      'result of other:3',
      'cache 2 entries',
      'created 2026-01-02T03:04:05.000Z',
    ]);
  });

  it('shows the error of a failed task in place of its output, at most 100 characters', () => {
    const lines = nodeLines(node(1, { error: 'e'.repeat(200), output: previewValue(1) }), 'DETAILED');

    expect(lines).toContain(`error ${'e'.repeat(99)}…`);
    expect(lines.some((line) => line.startsWith('out'))).toBe(false);
  });

  it('has a tooltip of at most 500 characters with the id', () => {
    const [, tooltip] = /tooltip="([^"]*)"/.exec(renderDot(graph([node(1, { description: 'd'.repeat(900) })]), 'SIMPLE'))!;

    expect(tooltip).toMatch(/^job:1 · TASK · work · d+…$/);
    expect(tooltip).toHaveLength(500);
    expect(drawDot(renderDot(graph([node(1)]), 'SIMPLE')).svg).toMatch(/xlink:title="job:1 · TASK · work"/);
  });

  it('colours each status, in detail with a legend of them all', () => {
    const dot = renderDot(graph(TASK_STATUSES.map((status, no) => node(no, { status, parent: null }))), 'DETAILED');
    const { nodes } = drawDot(dot);

    expect(nodes).toContainEqual({ id: 'legend', lines: Object.keys(STATUS_COLORS) });
    for (const [no, status] of TASK_STATUSES.entries()) {
      expect(dot).toMatch(new RegExp(`t${no} \\[.*fillcolor="${STATUS_COLORS[status]}"`));
    }
    expect(new Set(Object.values(STATUS_COLORS)).size).toBe(TASK_STATUSES.length);
  });

  it.each([
    ['COMPLETED', 'green'],
    ['FAILED', 'red'],
    ['IN_PROGRESS', 'blue'],
    ['BLOCKED', 'orange'],
    ['PENDING', 'gray'],
    ['ACCEPTED', 'purple'],
    ['REJECTED', 'brown'],
  ] as const)('draws %s in %s', (status, color) => {
    expect(colorName(STATUS_COLORS[status])).toBe(color);
  });

  it('has its notes beside it', () => {
    const { nodes } = drawDot(renderDot(graph([node(0)], { notes: ['One of two tasks.', 'More.'] }), 'SIMPLE'));

    expect(nodes).toContainEqual({ id: 'note', lines: ['One of two tasks.', 'More.'] });
  });

  it.each(NASTY.filter((text) => drawable(text) !== '').map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'can be drawn with %s in every text',
    (_, text) => {
      const nodes = [
        node(0, { name: text, key: text, description: text }),
        node(1, { name: text, agent: text, description: text, input: previewValue({ [text]: text }), output: previewValue(text) }),
        node(2, { parent: 1, name: text, error: text }),
      ];

      for (const detail of GRAPH_DETAILS) {
        const drawn = drawDot(renderDot(graph(nodes, { title: text, notes: [text] }), detail));
        for (const one of nodes) expect(drawn.nodes).toContainEqual({ id: `t${one.no}`, lines: nodeLines(one, detail) });
        expect(drawn.title).toBe(drawable(text));
      }
    },
  );

  it.each(['', ' ', '\n\n'])('shows the key where a name is blank: %j', (name) => {
    expect(nodeLines(node(0, { name }), 'SIMPLE')[0]).toBe('t0');
  });

  it('shows every text as it is, whatever the texts and the shape', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...GRAPH_DETAILS), (drafted, detail) => {
        const drawn = drawDot(renderDot(drafted, detail));

        expect(drawn.title).toBe(drawable(drafted.title));
        for (const one of drafted.nodes) expect(drawn.nodes).toContainEqual({ id: `t${one.no}`, lines: nodeLines(one, detail) });
        for (const one of parents(drafted)) expect(drawn.boxes).toContainEqual({ id: `cluster_t${one.no}`, lines: [titleOf(one)] });
        expect([...drawn.edges].sort()).toEqual(expectedEdges(drafted));
      }),
      { numRuns: 60 },
    );
  });

  it('of a hierarchy 5,000 deep is written without using up the stack', () => {
    const nodes = Array.from({ length: 5_000 }, (_, no) => node(no, { parent: no === 0 ? null : no - 1 }));

    expect(renderDot(graph(nodes), 'SIMPLE').split('{')).toHaveLength(5_001);
    expect(renderMermaid(graph(nodes), 'SIMPLE').match(/subgraph/g)).toHaveLength(4_999);
  });
});

describe('a job in Mermaid', () => {
  it('is a flowchart with boxes, tasks, arrows and a class for each status', async () => {
    const text = renderMermaid(
      graph([
        node(0),
        node(1),
        node(2, { dependencies: [{ on: 1, mode: 'completed' }] }),
        node(3, { dependencies: [{ on: 1, mode: 'failed' }] }),
      ]),
      'SIMPLE',
    );

    expect(await readMermaid(text)).toEqual({
      nodes: [0, 1, 2, 3].map((no) => ({ id: `t${no}`, lines: [`Task ${no}`, `#${no} t${no}`, 'READY'] })),
      boxes: [{ id: 'g0', lines: ['Task 0'] }],
      edges: ['t1->t2', 't1->t3 failed'],
    });
    for (const status of TASK_STATUSES) expect(text).toContain(`classDef ${status} fill:${STATUS_COLORS[status]}`);
    expect(text).toContain('"]:::READY');
  });

  it.each(NASTY.filter((text) => drawable(text) !== '').map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'can be read with %s in every text',
    async (_, text) => {
      const nodes = [node(0, { name: text, key: text, description: text }), node(1, { name: text, error: text, agent: text })];
      const read = await readMermaid(renderMermaid(graph(nodes, { notes: [text] }), 'DETAILED'));

      for (const one of nodes) expect(read.nodes).toContainEqual({ id: `t${one.no}`, lines: nodeLines(one, 'DETAILED') });
      expect(read.nodes).toContainEqual({ id: 'note', lines: [drawable(text)] });
      expect(read.boxes).toEqual([{ id: 'g0', lines: [titleOf(nodes[0]!)] }]);
    },
  );

  it('shows every text as it is, whatever the texts and the shape', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.constantFrom(...GRAPH_DETAILS), async (drafted, detail) => {
        const read = await readMermaid(renderMermaid(drafted, detail));

        for (const one of drafted.nodes) expect(read.nodes).toContainEqual({ id: `t${one.no}`, lines: nodeLines(one, detail) });
        for (const one of parents(drafted)) expect(read.boxes).toContainEqual({ id: `g${one.no}`, lines: [titleOf(one)] });
        expect([...read.edges].sort()).toEqual(expectedEdges(drafted));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a job as JSON', () => {
  it('lists nodes and the edges between them', () => {
    const parsed = JSON.parse(
      renderJson(
        graph(
          [
            node(0),
            node(1, {
              dependencies: [
                { on: 0, mode: 'settled' },
                { on: 9, mode: 'completed' },
              ],
              cacheEntries: 1,
            }),
          ],
          { notes: ['n'] },
        ),
      ),
    ) as { nodes: object[]; edges: unknown };

    expect(parsed).toMatchObject({ title: 'Job', notes: ['n'], nodes: [{ id: 'job:0', status: 'READY' }, { cacheEntries: 1 }] });
    expect(parsed.nodes[0]).not.toHaveProperty('dependencies');
    expect(parsed.edges).toEqual([{ from: 0, to: 1, mode: 'settled' }]);
  });

  it.each(NASTY)('keeps %j', (text) => {
    const parsed = JSON.parse(renderJson(graph([node(0, { name: text })]))) as { nodes: { name: string }[] };

    expect(parsed.nodes[0]!.name).toBe(text);
  });
});

describe('the preview of a value', () => {
  it.each([
    [
      { a: 1, b: 'x', c: null, d: 4 },
      [
        ['a', '1'],
        ['b', '"x"'],
        ['c', 'null'],
      ],
      1,
    ],
    [
      ['x', [], {}],
      [
        ['0', '"x"'],
        ['1', '[]'],
        ['2', '{}'],
      ],
      0,
    ],
    [
      { list: [1], record: { a: 1, b: 2 } },
      [
        ['list', '[1 item]'],
        ['record', '{2 fields}'],
      ],
      0,
    ],
    ['text', [['', '"text"']], 0],
    [false, [['', 'false']], 0],
    [{}, [], 0],
  ] as const)('of %j', (value, fields, more) => {
    expect(previewValue(value)).toEqual({ fields: fields.map(([name, shown]) => ({ name, value: shown })), more });
  });

  it('is short however large the value is', () => {
    const { fields } = previewValue({ ['k'.repeat(1_000)]: '🙂'.repeat(10_000) });

    expect([...fields[0]!.name]).toHaveLength(30);
    expect([...fields[0]!.value]).toHaveLength(60);
  });

  it('of a value that was not read is its size', () => {
    expect(previewSize(70_000)).toEqual({ fields: [{ name: '', value: '70000 bytes' }], more: 0 });
  });
});

describe('a text in a drawing', () => {
  it('is cut between characters', () => {
    expect(shorten('🙂🙂🙂', 2)).toBe('🙂…');
    expect(shorten('abc', 3)).toBe('abc');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.integer({ min: 1, max: 50 }), (text, chars) => {
        const cut = shorten(text, chars);

        expect([...cut].length).toBeLessThanOrEqual(chars);
        expect(cut.isWellFormed()).toBe(true);
        if ([...drawable(text)].length <= chars) expect(cut).toBe(drawable(text));
      }),
    );
  });

  it('has no control characters and turns no direction', () => {
    fc.assert(fc.property(texts, (text) => expect(drawable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u)));
  });
});

/** What people call a colour, by its hue and how strong it is. */
function colorName(hex: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number];
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  if (most - least < 0.03) return 'gray';
  const part = most - least;
  const hue = 60 * (most === red ? ((green - blue) / part + 6) % 6 : most === green ? (blue - red) / part + 2 : (red - green) / part + 4);
  if (hue < 10 || hue > 345) return 'red';
  if (hue < 45) return most < 0.9 ? 'brown' : 'orange';
  if (hue < 165) return hue > 70 ? 'green' : 'yellow';
  return hue < 250 ? 'blue' : 'purple';
}
