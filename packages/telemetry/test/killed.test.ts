import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, it } from '@jest/globals';

import { jobSpanId, traceIdOf } from '../src/opentelemetry/index.js';

interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly outcome: string | null;
}

interface Told {
  readonly span?: ToldSpan;
  readonly running?: true;
  readonly ended?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'taskloom-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

function begin(hangs: boolean): {
  readonly child: ChildProcess;
  readonly told: Told[];
  readonly until: (kind: keyof Told) => Promise<void>;
} {
  const settings = JSON.stringify({ path: join(folder, 'jobs.db'), hangs });
  const child = fork(fileURLToPath(new URL('./support/engine-process.mjs', import.meta.url)), [settings]);
  const told: Told[] = [];
  child.on('message', (message: Told) => told.push(message));
  const until = async (kind: keyof Told): Promise<void> => {
    while (!told.some((message) => message[kind] !== undefined)) await once(child, 'message');
  };
  return { child, told, until };
}

it('A process that is killed leaves a trace that the next one completes', async () => {
  const killed = begin(true);
  await killed.until('running');
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');

  const next = begin(false);
  await next.until('ended');
  const jobId = next.told.findLast(({ ended }) => ended !== undefined)!.ended!;
  const spans = [...killed.told, ...next.told].flatMap(({ span }) => span ?? []);
  // The log is told again where it is not known what the dead process has told: the same span is the same span.
  const distinct = [...new Map(spans.map((span) => [span.spanId, span])).values()];
  expect(distinct.map(({ traceId }) => traceId)).toEqual(distinct.map(() => traceIdOf(jobId)));
  expect(distinct.map(({ name, outcome }) => `${name} ${outcome}`).toSorted()).toEqual([
    'invoke_agent quick completed',
    'invoke_agent slow abandoned',
    'invoke_agent slow completed',
    'invoke_workflow long null',
  ]);
  const root = distinct.find(({ name }) => name === 'invoke_workflow long')!;
  expect(root).toMatchObject({ spanId: jobSpanId(jobId, 0), parentSpanId: null });
  expect(distinct.filter((span) => span !== root).map(({ parentSpanId }) => parentSpanId)).toEqual([root.spanId, root.spanId, root.spanId]);
  expect(next.told.filter(({ span }) => span?.spanId === root.spanId)).toHaveLength(1);
});
