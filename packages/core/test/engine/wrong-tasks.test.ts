import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, GraphError, type Engine, type TaskSubmission } from '../../src/index.js';
import { echo } from '../helpers/agents.js';
import { refusal, tasksOf } from '../helpers/inspect.js';
import { useLab, type LabOptions } from '../helpers/lab.js';

const lab = useLab();

const reads = defineAgent({ name: 'reads', input: z.object({ text: z.string() }), output: z.string(), execute: ({ text }) => text });
const CAPACITIES = { pools: { gpu: 2 }, namedLimits: { api: { concurrency: 1 } } };
const SOURCE: TaskSubmission = { key: 'source', agent: 'echo' };

type Wrong = { readonly key: string; readonly [part: string]: unknown };

/** A job that waits for its time, so that it can be added to. */
const openJob = (engine: Engine) => engine.submitJob({ name: 'open', tasks: [SOURCE], options: { runAt: new Date('2100-01-01') } });

async function problemsOf(submitted: Promise<unknown>): Promise<{ readonly code: string; readonly problems: GraphError['problems'] }> {
  const error = await refusal(submitted);
  if (!(error instanceof GraphError)) throw error;
  return { code: error.code, problems: error.problems };
}

/** What is said of the tasks, which has to be the same whether their job begins with them or takes them in. */
async function saidOf(wrong: readonly Wrong[], options: LabOptions = {}): ReturnType<typeof problemsOf> {
  const engine = await lab.start([echo, reads], { ...CAPACITIES, ...options });
  const tasks = wrong as readonly object[] as readonly TaskSubmission[];
  const atSubmit = await problemsOf(engine.submitJob({ name: 'job', tasks: [SOURCE, ...tasks] }));
  const { id } = await openJob(engine);
  const atAdd = await problemsOf(engine.addTasks(id, tasks));
  expect(atAdd).toEqual(atSubmit);
  expect([...(await tasksOf(engine, id)).keys()]).toEqual(['objective', 'source']);
  return atAdd;
}

const settled = [{ task: 'source', mode: 'settled' as const }];
const fromSource = { value: { text: null }, refs: [{ at: '/text', task: 'source' }] };
const notJson = (): number => 1;

describe('tasks that a job begins with and tasks that join it are refused alike', () => {
  it.each<[string, readonly string[], readonly Wrong[]]>([
    ['a pool that is not there', ['UNKNOWN_LIMIT'], [{ key: 't', agent: 'echo', resources: { gpus: 1 } }]],
    ['more than a pool has', ['RESOURCES_EXCEEDED'], [{ key: 't', agent: 'echo', resources: { gpu: 3 } }]],
    ['a demand and an option', ['GRAPH_INVALID', 'UNKNOWN_LIMIT'], [{ key: 't', agent: 'echo', priority: 99, resources: { gpus: 1 } }]],
    ['a demand and the agent', ['UNKNOWN_AGENT', 'UNKNOWN_LIMIT'], [{ key: 't', agent: 'ecko', overrides: { limits: ['apy'] } }]],
    [
      'the graph, a demand and an input, each of another task',
      ['UNKNOWN_DEPENDENCY', 'UNKNOWN_LIMIT', 'INPUT_SCHEMA'],
      [
        { key: 'input', agent: 'reads', input: 5 },
        { key: 'demand', agent: 'echo', resources: { gpus: 1 } },
        { key: 'graph', agent: 'echo', dependsOn: ['sauce'] },
      ],
    ],
    ['the key and the input', ['ID_INVALID', 'INPUT_SCHEMA'], [{ key: 'a b', agent: 'reads', input: 5 }]],
    ['the input', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', input: { deep: notJson } }]],
    [
      'the size of an input with refs',
      ['INPUT_TOO_LARGE'],
      [{ key: 't', agent: 'reads', input: large(fromSource).value, refs: fromSource.refs }],
    ],
    ['the input of a map', ['INPUT_NOT_JSON'], [{ key: 't', map: mapOf({ value: { deep: notJson }, refs: [] }) }]],
    ['the size of the input of a map', ['INPUT_TOO_LARGE'], [{ key: 't', map: mapOf(large({ value: {}, refs: [] })) }]],
    ['the metadata', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', metadata: { deep: notJson } }]],
    ['what stands in for an output', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', useValue: notJson }]],
    [
      'what stands in for an output, and the input',
      ['OUTPUT_SCHEMA', 'INPUT_SCHEMA'],
      [{ key: 't', agent: 'reads', input: 5, useValue: 5 }],
    ],
    ['the fallback of a ref', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', refs: [{ at: '', task: 'source', or: notJson }] }]],
    [
      'the fallback of an item',
      ['INPUT_NOT_JSON'],
      [{ key: 't', map: mapOf({ value: {}, refs: [] }, [{ at: '', path: '', or: notJson }]) }],
    ],
    ['the fallback of a condition', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', when: { task: 'source', or: notJson } }]],
    [
      'a ref that may stay empty',
      ['MISSING_INPUT'],
      [{ key: 't', agent: 'reads', input: fromSource.value, refs: fromSource.refs, dependsOn: settled }],
    ],
    ['a ref in a map that may stay empty', ['MISSING_INPUT'], [{ key: 't', map: mapOf(fromSource), dependsOn: settled }]],
    [
      'refs that are not there',
      ['UNKNOWN_DEPENDENCY'],
      [{ key: 't', agent: 'reads', input: fromSource.value, refs: [{ at: '/text', task: 'sauce' }] }],
    ],
  ])('for %s: %j', async (_, codes, wrong) => {
    const { code, problems } = await saidOf(wrong);
    expect(problems.map((problem) => problem.code)).toEqual(codes);
    expect(code).toBe(codes.length === 1 ? codes[0] : 'GRAPH_INVALID');
  });

  it('also where texts are redacted before they are stored: what is refused is not stored', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { problems } = await saidOf([{ key: 't', agent: 'echo', input: circle, priority: 99 }], { redactText: (text) => text });
    expect(problems.map(({ code }) => code)).toEqual(['GRAPH_INVALID', 'INPUT_NOT_JSON']);
  });

  it('but a job that takes no more says so first', async () => {
    const engine = await lab.start([echo, reads], CAPACITIES);
    const job = await openJob(engine);
    await job.cancel();
    const wrong = { key: 't', agent: 'reads', input: 5, resources: { gpus: 1 } };
    expect((await refusal(engine.addTasks(job.id, [wrong]))).code).toBe('JOB_CLOSED');
    expect((await refusal(engine.addTasks('no-such-job', [wrong]))).code).toBe('NOT_FOUND');
  });
});

function mapOf(input: unknown, items: readonly unknown[] = []): unknown {
  return { over: { task: 'source' }, agent: 'reads', input, items };
}

/** More than is stored of an input. */
function large({ value, refs }: { readonly value: object; readonly refs: unknown }): { readonly value: object; readonly refs: unknown } {
  return { value: { ...value, more: 'x'.repeat(2_000_000) }, refs };
}
