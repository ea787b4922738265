import { describe, expect, it } from '@jest/globals';
import { exampleTask } from '../testing/example-task.js';
import { treeLines } from './tree-lines.js';
import type { TreeTask } from './tree-task.js';

const shape = (tasks: readonly TreeTask[]): string[] => treeLines(tasks, 0).map(({ branch, name }) => `${branch}${name}`);

describe('the lines of a tree', () => {
  it('are the tasks, parents before children, with branches that tell who belongs to whom', () => {
    const tasks = [
      exampleTask(0, { name: 'job' }),
      exampleTask(1, { name: 'first' }),
      exampleTask(2, { name: 'second' }),
      exampleTask(3, { name: 'first a', parent: 1 }),
      exampleTask(4, { name: 'first b', parent: 1 }),
      exampleTask(5, { name: 'second a', parent: 2 }),
    ];
    expect(shape(tasks)).toEqual(['job', '├─ first', '│  ├─ first a', '│  └─ first b', '└─ second', '   └─ second a']);
  });

  it('are none for no tasks', () => {
    expect(treeLines([], 0)).toEqual([]);
  });

  it('hide what was repeated for a list behind its progress, whatever lies below', () => {
    const tasks = [
      exampleTask(0),
      exampleTask(1, { name: 'analyse' }),
      exampleTask(2, { parent: 1, origin: 'map', status: 'COMPLETED' }),
      exampleTask(3, { parent: 1, origin: 'map', status: 'IN_PROGRESS' }),
      exampleTask(4, { parent: 3, origin: 'need', status: 'SKIPPED' }),
    ];
    const [, analyse, ...rest] = treeLines(tasks, 0);
    expect(analyse).toMatchObject({ name: 'analyse', progress: { done: 2, total: 3 } });
    expect(rest).toEqual([]);
  });

  it('hide children that are too many to list', () => {
    const many = (count: number): TreeTask[] => [
      exampleTask(0),
      exampleTask(1),
      ...Array.from({ length: count }, (_, index) => exampleTask(2 + index, { parent: 1 })),
    ];
    expect(treeLines(many(12), 0)).toHaveLength(14);
    expect(treeLines(many(13), 0).map(({ progress }) => progress)).toEqual([
      { done: 0, total: 14 },
      { done: 0, total: 13 },
    ]);
  });

  it('show on top how much of the whole job is done', () => {
    const tasks = [exampleTask(0), exampleTask(1, { status: 'COMPLETED' }), exampleTask(2, { status: 'FAILED' }), exampleTask(3)];
    expect(treeLines(tasks, 0)[0]?.progress).toEqual({ done: 2, total: 3 });
  });

  it.each([
    ['PENDING', 'waiting'],
    ['READY', 'waiting'],
    ['BLOCKED', 'waiting'],
    ['IN_PROGRESS', 'running'],
    ['COMPLETED', 'done'],
    ['ACCEPTED', 'done'],
    ['FAILED', 'failed'],
    ['REJECTED', 'failed'],
    ['SKIPPED', 'skipped'],
    ['CANCELLED', 'cancelled'],
  ] as const)('show %s as %s', (status, state) => {
    expect(treeLines([exampleTask(0, { status })], 0)[0]?.state).toBe(state);
  });

  it.each(['WAITING_HUMAN', 'WAITING_REVIEW', 'MANUAL', 'AGENT_UNAVAILABLE'])(
    'show what is BLOCKED because of %s as asking',
    (statusReason) => {
      expect(treeLines([exampleTask(0, { status: 'BLOCKED', statusReason })], 0)[0]?.state).toBe('asking');
    },
  );

  it('show a story as running when anything below it has begun, however deep', () => {
    const tasks = [
      exampleTask(0),
      exampleTask(1, { status: 'BLOCKED' }),
      exampleTask(2, { parent: 1 }),
      exampleTask(3, { parent: 2, startedAtMs: 5 }),
    ];
    expect(treeLines(tasks, 0).map(({ state }) => state)).toEqual(['running', 'running', 'running', 'waiting']);
  });

  it('measure what runs and what ran, but neither what waits nor what only has others below it', () => {
    const tasks = [
      exampleTask(0, { startedAtMs: 1_000 }),
      exampleTask(1, { startedAtMs: 1_000 }),
      exampleTask(2, { parent: 1, startedAtMs: 2_000, finishedAtMs: 5_000 }),
      exampleTask(3, { parent: 1, startedAtMs: 4_000 }),
      exampleTask(4),
    ];
    expect(treeLines(tasks, 9_000).map(({ elapsedMs }) => elapsedMs)).toEqual([8_000, null, 3_000, 5_000, null]);
    expect(treeLines([exampleTask(0, { startedAtMs: 10 })], 5)[0]?.elapsedMs).toBe(0);
  });

  it.each<[string, Partial<TreeTask>, string | null]>([
    ['the summary of what completed', { status: 'COMPLETED', summary: 'all good' }, 'all good'],
    ['only what is new in a summary', { name: 'x', status: 'COMPLETED', summary: 'x completed. Its output is 1.' }, 'Its output is 1.'],
    ['nothing where nothing is new', { name: 'x', status: 'COMPLETED', summary: 'x completed.' }, null],
    ['nothing where no agent of the application ran', { status: 'COMPLETED', summary: 'a, b and c are completed', agent: null }, null],
    ['nothing where an agent of the engine ran', { status: 'COMPLETED', summary: 'a, b and c are completed', agent: '$map' }, null],
    ['why it was skipped', { status: 'SKIPPED', statusMessage: 'no git' }, 'no git'],
    ['why it failed', { status: 'FAILED', error: { message: 'disk full' }, statusMessage: 'failed' }, 'disk full'],
    [
      'why it failed, where it is not its own fault',
      { status: 'FAILED', statusMessage: 'a task below it failed' },
      'a task below it failed',
    ],
    ['how far it is', { status: 'IN_PROGRESS', progressMessage: '3 of 7' }, '3 of 7'],
    ['that it will be tried again', { status: 'READY', error: { message: 'timeout' } }, 'tries again: timeout'],
    ['that it waits for a person', { status: 'BLOCKED', statusReason: 'WAITING_HUMAN' }, 'waits for an answer'],
    [
      'that it failed and waits for a person',
      { status: 'BLOCKED', statusReason: 'WAITING_HUMAN', error: { message: 'disk full' } },
      'failed and asks what to do: disk full',
    ],
    ['that it waits for a reviewer', { status: 'BLOCKED', statusReason: 'WAITING_REVIEW' }, 'waits to be judged'],
    [
      'that it waits for an operator, and why',
      { status: 'BLOCKED', statusReason: 'MANUAL', statusMessage: 'It may have run.' },
      'waits for an operator: It may have run.',
    ],
    ['nothing of what waits for others', { status: 'BLOCKED', statusReason: 'WAITING_CHILDREN' }, null],
    ['nothing of what waits', {}, null],
  ])('note %s', (_, given, note) => {
    expect(treeLines([exampleTask(0, given)], 0)[0]?.note).toBe(note);
  });
});
