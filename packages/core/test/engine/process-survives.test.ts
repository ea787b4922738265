import { afterEach, describe, expect, it } from '@jest/globals';

import { Child } from '../helpers/child.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const children: Child[] = [];

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.splice(0).map(({ exited }) => exited));
});

async function survive(scenarios: readonly string[]): Promise<Record<string, unknown>> {
  const running = scenarios.map((scenario) => {
    const child = new Child('hard-to-survive').begin({ path: lab.path(`${scenario}.db`), scenario });
    children.push(child);
    return { scenario, child };
  });
  const found: Record<string, unknown> = {};
  for (const { scenario, child } of running) {
    const said = await child.says('stopped').catch((error: Error) => ({ status: error.message.slice(0, 400) }));
    found[scenario] = said['status'];
  }
  return found;
}

describe('the process (bad input A6)', () => {
  it.each([
    [{ 'asks early, awaits late': 'COMPLETED', 'asks for what fails early, awaits late': 'COMPLETED' }],
    [{ 'never awaits its question': 'COMPLETED', 'never awaits a step': 'COMPLETED' }],
    [{ 'throws a revoked proxy': 'FAILED', 'rejects with a proxy that throws': 'FAILED' }],
    [{ 'rejects after it has returned': 'COMPLETED' }],
  ])('lives on when an agent %j', async (expected) => {
    expect(await survive(Object.keys(expected))).toEqual(expected);
  });

  it('ends by itself within two seconds once its engine has stopped', async () => {
    const child = new Child('hard-to-survive').begin({ path: lab.path(), scenario: 'ends well' });
    children.push(child);
    await child.says('stopped');
    const stopped = performance.now();
    const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
    const end = await child.exited;
    clearTimeout(timer);
    expect({ ...end, ms: Math.round(performance.now() - stopped) }).toMatchObject({ code: 0, signal: null });
  });
});
