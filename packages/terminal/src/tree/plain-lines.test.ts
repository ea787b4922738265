import { describe, expect, it } from '@jest/globals';
import { PlainLines } from './plain-lines.js';
import { exampleTask } from '../testing/example-task.js';

const root = exampleTask(0, { name: 'job', status: 'BLOCKED' });
const story = exampleTask(1, { name: 'Story', status: 'BLOCKED', agent: null });

describe('plain lines', () => {
  it('say when a task begins and when it ends, each once', () => {
    const lines = new PlainLines();
    const running = exampleTask(2, { name: 'List', parent: 1, status: 'IN_PROGRESS', attempt: 1 });
    expect(lines.next([root, story, running])).toEqual(['started   Story › List']);
    expect(lines.next([root, story, running])).toEqual([]);
    const done = { ...running, status: 'COMPLETED', summary: 'Five files.', finishedAtMs: 2 } as const;
    expect(lines.next([root, story, done])).toEqual(['completed Story › List: Five files.']);
    expect(lines.next([root, story, done])).toEqual([]);
  });

  it('say which attempt it is, and why there is another', () => {
    const lines = new PlainLines();
    const flaky = (given: object) => exampleTask(1, { name: 'Fetch', status: 'IN_PROGRESS', ...given });
    const error = { message: 'connection reset' };
    const said = [
      flaky({ attempt: 1 }),
      flaky({ attempt: 1, status: 'READY', error }),
      flaky({ attempt: 2, error }),
      flaky({ attempt: 2, status: 'READY', error }),
      flaky({ attempt: 3, error }),
    ].map((task) => lines.next([root, task]));
    expect(said).toEqual([
      ['started   Fetch'],
      ['retrying  Fetch: connection reset'],
      ['started   Fetch: attempt 2'],
      ['retrying  Fetch: connection reset'],
      ['started   Fetch: attempt 3'],
    ]);
  });

  it('say what waits for somebody, once', () => {
    const lines = new PlainLines();
    const asking = exampleTask(1, { name: 'Ask', status: 'BLOCKED', statusReason: 'WAITING_HUMAN', attempt: 1 });
    expect([lines.next([root, asking]), lines.next([root, asking])]).toEqual([['waiting   Ask: waits for an answer'], []]);
  });

  it('say nothing of what waits for others, and of a story only its end', () => {
    const lines = new PlainLines();
    expect(
      lines.next([
        root,
        { ...story, agent: '$roll-up', status: 'IN_PROGRESS', attempt: 1 },
        exampleTask(2, { parent: 1, status: 'READY' }),
      ]),
    ).toEqual([]);
    expect(lines.next([root, { ...story, status: 'COMPLETED', summary: 'Story completed. List is completed.' }])).toEqual([
      'completed Story',
    ]);
  });

  it('say why something was skipped, failed or was cancelled', () => {
    const ended = [
      exampleTask(1, { name: 'a', status: 'SKIPPED', statusMessage: 'no git' }),
      exampleTask(2, { name: 'b', status: 'FAILED', error: { message: 'disk\nfull' } }),
      exampleTask(3, { name: 'c', status: 'CANCELLED', statusMessage: 'the job failed' }),
    ];
    expect(new PlainLines().next([root, ...ended])).toEqual([
      'skipped   a: no git',
      'failed    b: disk full',
      'cancelled c: the job failed',
    ]);
  });

  it('say what came first first, and of what came together the innermost', () => {
    const tasks = [
      exampleTask(0, { name: 'job', status: 'COMPLETED', finishedAtMs: 9 }),
      exampleTask(1, { name: 'Story', status: 'COMPLETED', finishedAtMs: 9 }),
      exampleTask(2, { name: 'late', parent: 1, status: 'COMPLETED', finishedAtMs: 9 }),
      exampleTask(3, { name: 'early', parent: 1, status: 'COMPLETED', finishedAtMs: 3 }),
    ];
    expect(new PlainLines().next(tasks)).toEqual(['completed Story › early', 'completed Story › late', 'completed Story', 'completed job']);
  });

  it('say each quarter of what is repeated for a list, and nothing of its parts', () => {
    const lines = new PlainLines();
    const list = exampleTask(2, { name: 'Analyse', parent: 1, status: 'BLOCKED', agent: '$map' });
    const parts = (done: number): ReturnType<typeof exampleTask>[] =>
      Array.from({ length: 8 }, (_, index) =>
        exampleTask(3 + index, { parent: 2, origin: 'map', status: index < done ? 'COMPLETED' : 'READY' }),
      );
    const said = [0, 1, 2, 3, 5, 8, 8].map((done) => lines.next([root, story, list, ...parts(done)]));
    expect(said).toEqual([
      [],
      [],
      ['progress  Story › Analyse: 2 of 8'],
      [],
      ['progress  Story › Analyse: 5 of 8'],
      ['progress  Story › Analyse: 8 of 8'],
      [],
    ]);
  });

  it('keep to one line and steer no terminal, whatever names hold', () => {
    const [line] = new PlainLines().next([exampleTask(0, { name: 'a\nb\u001B[2Jc\u202E', status: 'COMPLETED', summary: 'x\r\ny' })]);
    expect(line).toBe('completed a bc: x y');
  });
});
