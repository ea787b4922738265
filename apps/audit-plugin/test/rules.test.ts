import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { defineWorkflow, type Engine, type JobSubmission } from '@taskloom/core';
import { z } from 'zod';

import { auditPlugin, type AuditRule } from '../src/index.js';
import { agent, echo, Gate, useAuditLab } from './support/audit-lab.js';

jest.setTimeout(20_000);
const lab = useAuditLab();
const WEDNESDAY_NOON = Date.parse('2026-01-07T12:00:00Z');
const deploy = agent('deploy', (input) => input);
const release = defineWorkflow({ name: 'release', input: z.unknown(), plan: (flow) => flow.add('echo', 1).out });
const job = (agentName: string, more: Partial<JobSubmission> = {}): JobSubmission => ({
  name: 'job',
  tasks: [{ key: 't', agent: agentName, input: 5 }],
  ...more,
});
const rule = <T extends object>(more: T) => ({ name: 'rule-1', reason: 'Not like this.', ...more });

const start = async (rules: readonly AuditRule[], now = WEDNESDAY_NOON): Promise<Engine> => {
  const engine = await lab.start({ agents: [echo, deploy], audit: { rules, now: () => now } });
  engine.register(release);
  return engine;
};
/** `refused` or `done`. */
const submit = async (engine: Engine, submission: JobSubmission): Promise<string> =>
  engine.submitJob(submission).then(
    (handle) => handle.result().then(() => 'done'),
    (error: { code: string }) => (error.code === 'PLUGIN_VETO' ? 'refused' : error.code),
  );

describe('a rule for submissions', () => {
  it('refuses the job, says why, and leaves a line', async () => {
    const engine = await start([{ ...rule({ tenant: 'acme' }), refuse: 'submit' }]);

    await expect(engine.submitJob(job('echo', { options: { tenant: 'acme' } }))).rejects.toMatchObject({
      code: 'PLUGIN_VETO',
      message: 'The plugin "audit" refused the job: Not like this. (rule "rule-1")',
    });
    expect(lab.entries()).toEqual([
      { at: '2026-01-07T12:00:00.000Z', what: 'SUBMIT_REFUSED', name: 'job', tenant: 'acme', why: 'Not like this. (rule "rule-1")' },
    ]);
    expect(await engine.reader.countJobs({})).toBe(0);
  });

  it.each<[string, object, JobSubmission, string]>([
    ['of everything', {}, job('echo'), 'refused'],
    ['by tenant', { tenant: 'acme' }, job('echo', { options: { tenant: 'acme' } }), 'refused'],
    ['of another tenant', { tenant: 'acme' }, job('echo'), 'done'],
    ['by the tenant of those that name none', { tenant: ['acme', 'default'] }, job('echo'), 'refused'],
    ['by input', { input: (input: unknown) => input === 'bad' }, job('echo', { input: 'bad' }), 'refused'],
    ['of another input', { input: (input: unknown) => input === 'bad' }, job('echo', { input: 'good' }), 'done'],
    ['of a workflow, for a graph', { workflow: 'release' }, job('echo'), 'done'],
    ['in its time', { during: { days: ['WED'] } }, job('echo'), 'refused'],
    ['out of its time', { during: { from: '13:00' } }, job('echo'), 'done'],
    ['within times that are free', { outside: { from: '09:00', to: '17:00' } }, job('echo'), 'done'],
    ['outside of times that are free', { outside: { from: '13:00', to: '17:00' } }, job('echo'), 'refused'],
    ['that fits in part', { tenant: 'default', input: () => false }, job('echo'), 'done'],
  ])('%s', async (_, conditions, submission, end) => {
    const engine = await start([{ ...rule(conditions), refuse: 'submit' }]);

    expect(await submit(engine, submission)).toBe(end);
  });

  it('by workflow', async () => {
    const engine = await start([{ ...rule({ workflow: ['deploy', 'release'] }), refuse: 'submit' }]);

    await expect(engine.startWorkflow('release', {})).rejects.toMatchObject({ code: 'PLUGIN_VETO' });
    expect(lab.entries()).toMatchObject([{ what: 'SUBMIT_REFUSED', name: 'release', workflow: 'release' }]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('who knows');
      },
    ],
    ['returns a promise', () => Promise.resolve(false)],
    ['returns nothing', () => undefined],
  ])('that %s refuses', async (_, input) => {
    const engine = await start([{ ...rule({ input: input as () => boolean }), refuse: 'submit' }]);

    expect(await submit(engine, job('echo'))).toBe('PLUGIN_FAILED');
  });

  it('is asked in order: the first that fits says why', async () => {
    const engine = await start([
      { refuse: 'start', name: 'a', reason: 'A' },
      { refuse: 'submit', name: 'b', reason: 'B', tenant: 'acme' },
      { refuse: 'submit', name: 'c', reason: 'C' },
      { refuse: 'submit', name: 'd', reason: 'D' },
    ]);

    await expect(engine.submitJob(job('echo'))).rejects.toThrow('C (rule "c")');
  });
});

describe('a rule for starts', () => {
  it.each<[string, object, boolean]>([
    ['by agent', { agent: 'deploy' }, true],
    ['of another agent', { agent: 'echo' }, false],
    ['by tenant', { tenant: 'default' }, true],
    ['of another tenant', { tenant: 'acme' }, false],
    ['of a workflow, for a graph', { workflow: 'release' }, false],
    ['by input', { input: (input: unknown) => input === 5 }, true],
    ['of another input', { input: (input: unknown) => input === 6 }, false],
    ['out of its time', { during: { days: ['SUN'] } }, false],
  ])('%s lets the task wait for a person, or does not', async (_, conditions, isHeld) => {
    const engine = await start([{ ...rule(conditions), refuse: 'start' }]);
    const handle = await engine.submitJob(job('deploy'));
    for await (const { type } of handle.events()) if (type === 'TASK_PARKED' || type === 'TASK_COMPLETED') break;
    const { items } = await engine.reader.tasks({ jobId: handle.id }, { first: 5 });
    await lab.stop(engine);

    const task = items.find(({ key }) => key === 't')!;
    expect(task.status === 'BLOCKED' && task.statusReason === 'MANUAL').toBe(isHeld);
    const parked = lab.entries().find(({ what }) => what === 'TASK_PARKED');
    if (isHeld)
      expect(parked).toMatchObject({ task: 't', why: 'MANUAL: The plugin "audit" does not let it start: Not like this. (rule "rule-1")' });
    else expect(parked).toBeUndefined();
  });

  it('by workflow', async () => {
    const engine = await start([{ ...rule({ workflow: 'release' }), refuse: 'start' }]);
    const handle = await engine.startWorkflow('release', {});
    const types: string[] = [];
    for await (const { type } of handle.events()) {
      types.push(type);
      if (type === 'TASK_PARKED') break;
    }

    expect(types).not.toContain('TASK_COMPLETED');
  });
});

describe('a rule for cancellations', () => {
  it('refuses those of an actor, and leaves a line', async () => {
    const gate = new Gate();
    const engine = await lab.start({
      agents: [gate.agent],
      audit: { now: () => WEDNESDAY_NOON, rules: [{ ...rule({ actor: 'user:eve' }), refuse: 'cancel' }] },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    const { items } = await engine.reader.tasks({ jobId: handle.id }, { first: 5 });
    const { id } = items.find(({ key }) => key === 't')!;

    await expect(handle.cancel({ actor: 'eve' })).rejects.toMatchObject({ code: 'PLUGIN_VETO' });
    await expect(engine.cancelTask(id, { actor: 'eve' })).rejects.toMatchObject({ code: 'PLUGIN_VETO' });
    await handle.cancel({ actor: 'ada' });

    const refused = lab.entries().filter(({ what }) => what === 'CANCEL_REFUSED');
    expect(refused).toEqual([
      { at: '2026-01-07T12:00:00.000Z', what: 'CANCEL_REFUSED', job: handle.id, who: 'user:eve', why: 'Not like this. (rule "rule-1")' },
      {
        at: '2026-01-07T12:00:00.000Z',
        what: 'CANCEL_REFUSED',
        job: handle.id,
        tasks: [id],
        who: 'user:eve',
        why: 'Not like this. (rule "rule-1")',
      },
    ]);
  });
});

describe('options', () => {
  it('that are wrong are listed together', () => {
    const options = {
      file: '',
      maxBytes: 10,
      fsync: 'sometimes',
      onProblem: 1,
      now: 2,
      path: 'x',
      rules: [
        { refuse: 'submit', name: 'a', reason: '', agent: 'echo', tenant: [], input: 'x', during: { from: 'noon', zone: 'UTC' } },
        { refuse: 'start', name: 'a', reason: 'A', workflow: '' },
        { refuse: 'cancel', name: 'b', reason: 'B', actor: 5, outside: { days: ['MO'] } },
        { refuse: 'pause', name: 'c', reason: 'C' },
      ],
    };

    expect(() => auditPlugin(options as never)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        problems: [
          expect.stringContaining('`path` is unknown'),
          '`file` must be the path of a file.',
          expect.stringContaining('`maxBytes` is 10'),
          expect.stringContaining('`fsync` is "sometimes"'),
          '`onProblem` must be a function.',
          '`now` must be a function.',
          expect.stringContaining('`rules[0].agent` is unknown'),
          '`rules[0].reason` must be a text.',
          '`rules[0].tenant` must be a name, or a list of names.',
          '`rules[0].input` must be a function of the input.',
          expect.stringContaining('`rules[0].during.zone` is unknown'),
          expect.stringContaining('`rules[0].during.from` is "noon"'),
          '`rules[1].workflow` must be a name, or a list of names.',
          '`rules[2].actor` must be a name, or a list of names.',
          expect.stringContaining('`rules[2].outside.days` is ["MO"]'),
          expect.stringContaining('`rules[3].refuse` is "pause"'),
          'Two rules are called "a".',
        ],
      }),
    );
    expect(() => auditPlugin({ file: 'x', rules: 'none' as never })).toThrow('`rules` must be a list.');
    expect(() => auditPlugin({ file: 'x', name: 'a b' })).toThrow('`name` of a plugin');
  });

  it('give the plugin its name', () => {
    expect(auditPlugin({ file: join(lab.folder, 'a') }).name).toBe('audit');
    expect(auditPlugin({ file: join(lab.folder, 'a'), name: 'b' }).name).toBe('b');
  });
});
