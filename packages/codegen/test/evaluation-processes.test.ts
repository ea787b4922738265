import { once } from 'node:events';
import { tmpdir } from 'node:os';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { EvaluationProcesses, type EvaluationProcess } from '../src/reader/evaluation/evaluation-processes.js';

jest.setTimeout(120_000);

const taken: EvaluationProcess[] = [];
let processes: EvaluationProcesses;

afterEach(async () => {
  processes.close();
  for (const { child } of taken.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
});

async function take(): Promise<EvaluationProcess> {
  const one = await processes.take();
  taken.push(one);
  return one;
}

/** Whether a process does what it is told. */
async function works({ child, tell }: EvaluationProcess): Promise<boolean> {
  const ended = once(child, 'close');
  tell({ type: 'evaluate', plan: { loads: { resolutions: {}, sources: {} }, modules: [] } });
  return (await ended)[0] === 0;
}

describe('processes that load modules', () => {
  it('serve once each; another one is ready for the next run', async () => {
    processes = new EvaluationProcesses(tmpdir());
    processes.expectAgain();
    expect(processes.ready()).toBeNull();
    const first = await take();
    processes.expect();
    const ready = processes.ready();
    const second = await take();
    expect([second.child, processes.ready()]).toEqual([ready, null]);
    expect(first.child.pid).not.toBe(second.child.pid);
    expect([await works(first), await works(second)]).toEqual([true, true]);
    processes.expectAgain();
    expect(processes.ready()).not.toBeNull();
  });

  it('are started anew where the one that was ready is gone', async () => {
    processes = new EvaluationProcesses(tmpdir());
    processes.expect();
    processes.close();
    expect(await works(await take())).toBe(true);
  });

  it('get ready with packages that are known to be quiet, and with no others', async () => {
    processes = new EvaluationProcesses(import.meta.dirname);
    processes.expect(['zod', 'a-package-that-does-something']);
    expect([...processes.prepares]).toEqual(['zod']);
    expect(await works(await take())).toBe(true);
  });
});
