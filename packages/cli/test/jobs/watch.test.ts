import { EventEmitter } from 'node:events';

import type { JobEvent } from '@taskloom/client';
import type { LiveTerminal } from '@taskloom/terminal';
import { VirtualClock } from '@taskloom/core/testing';
import type { AuthorizeHooks } from '@taskloom/nest';
import { TestTerminal } from '@taskloom/terminal/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { StopCode } from '../../src/terminal/terminal.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { runJob, type JobRun, type JobRunOptions } from '../support/run-job.js';

jest.setTimeout(90_000);

/** The task’s name as its summary has it: a line leaves the control sequence out, a summary shows it. */
const SAID = 'Greet\\u001b[2J Ada completed.';

let app: JobApp;

beforeEach(async () => {
  app = await startJobApp();
});
afterEach(stopJobApps);

const watch = (id: string, args: readonly string[] = [], options: JobRunOptions = {}): Promise<JobRun> =>
  runJob(['watch', id, ...args, '--url', app.url], options);

/** Starts a job that waits for the gate, and waits until it does. */
async function waitingJob(): Promise<string> {
  const { id } = await app.engine.startWorkflow('waiting', {});
  await app.gate.reached;
  return id;
}

/** A signal that comes when what was printed matches. */
function printed(pattern: RegExp): { readonly seen: Promise<void>; readonly onOut: (out: string) => void } {
  let see!: () => void;
  const seen = new Promise<void>((resolve) => (see = resolve));
  return { seen, onOut: (out) => void (pattern.test(out) && see()) };
}

class Window extends TestTerminal implements LiveTerminal {
  readonly isTTY = true;
  private readonly events = new EventEmitter();
  on = (event: 'resize', listener: () => void): unknown => this.events.on(event, listener);
  off = (event: 'resize', listener: () => void): unknown => this.events.off(event, listener);
  private waiting: { readonly pattern: RegExp; readonly see: () => void }[] = [];

  override write(text: string): boolean {
    super.write(text);
    for (const { pattern, see } of this.waiting) if (pattern.test(this.lines().join('\n'))) see();
    return true;
  }

  /** Comes when what stands in it matches. */
  shows(pattern: RegExp): Promise<void> {
    return new Promise((see) => this.waiting.push({ pattern, see }));
  }
}

const COLOURLESS = { TERM: 'xterm', NO_COLOR: '1' };

describe('taskloom job watch, in a pipe', () => {
  it('says line by line what happens, then what came of it, and ends with 0 when the job completes', async () => {
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const run = watch(id, [], waits);
    await waits.seen;
    app.gate.open();
    const { code, out, err } = await run;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/took \d+s/, 'took 0s').split('\n')).toEqual([
      `Job ${id}`,
      `completed Greet Ada: ${SAID} Its output has text "Hello, Ada!".`,
      'started   Wait',
      'completed Wait: Its output has text "waited".',
      'completed waiting',
      '',
      'Completed, took 0s.',
      '{',
      '  "text": "waited"',
      '}',
      '',
    ]);
  });

  it('shows a job that has ended already as it is', async () => {
    const job = await app.engine.startWorkflow('welcome', { names: [] });
    await job.result();
    expect(await watch(job.id)).toMatchObject({ code: 0, out: expect.stringContaining('\nCompleted, took ') });
  });

  it('ends with 1 when the job fails, says why and what to do', async () => {
    const { id } = await app.engine.startWorkflow('breaking', {});
    const { code, out } = await watch(id);
    expect(code).toBe(1);
    expect(out).toContain('failed    Write it down: the disk is full\n');
    expect(out).toMatch(new RegExp(`\\nFailed, took \\d+s\\. JOB_FAILED: .*\\n.*\\n  taskloom job retry ${id}\\n$`));
  });

  it('ends with 1 when the job is cancelled', async () => {
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const run = watch(id, [], waits);
    await waits.seen;
    await app.engine.cancelJob(id, { reason: 'enough' });
    expect(await run).toMatchObject({ code: 1, out: expect.stringMatching(/\nCancelled, took /) });
  });

  it('says what stops a job that does not go on', async () => {
    const held = await app.engine.startWorkflow('waiting', {});
    await app.gate.reached;
    await app.engine.pauseJob(held.id);
    const asking = await app.engine.startWorkflow('asking', {});
    const unconfirmed = await app.engine.startWorkflow('welcome', { names: [] }, { confirm: true });
    for (const [id, words] of [
      [held.id, `Paused, nothing new starts: taskloom job resume ${held.id}\n`],
      [asking.id, `A person is asked: taskloom job show ${asking.id}\n`],
      [unconfirmed.id, `It waits to be confirmed: taskloom job confirm ${unconfirmed.id}\n`],
    ] as const) {
      const says = printed(new RegExp(words));
      const { code } = await watch(id, [], { ...says, stopped: says.seen.then((): StopCode => 130) });
      expect(code).toBe(130);
    }
  });

  it('goes on by itself after a lost connection, says so once, and misses nothing', async () => {
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const lost = printed(/connection is lost/);
    const onOut = (out: string): void => {
      waits.onOut(out);
      lost.onOut(out);
    };
    const run = runJob(['watch', id, '--url', url], { onOut });
    await waits.seen;
    proxy.refuse();
    await lost.seen;
    app.gate.open();
    await app.engine.job(id).result();
    proxy.restore();
    const { code, out } = await run;
    await proxy.close();
    expect(code).toBe(0);
    expect(out).toContain('The connection is lost, trying again. ');
    expect(out).toContain('completed Wait: Its output has text "waited".\ncompleted waiting\n');
    expect(out.match(/completed Greet Ada/g)).toHaveLength(1);
  });

  it('gives up after --reconnects attempts in a row, and ends with 3', async () => {
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const run = runJob(['watch', id, '--url', url, '--reconnects', '1'], waits);
    await waits.seen;
    proxy.refuse();
    expect(await run).toMatchObject({ code: 3, err: expect.stringMatching(/^error SERVER_UNREACHABLE: /) });
    await proxy.close();
  });

  it('outlives a restart of the application, and with it the job, and says once which engine goes on', async () => {
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const lost = printed(/connection is lost/);
    const onOut = (out: string): void => {
      waits.onOut(out);
      lost.onOut(out);
    };
    const run = watch(id, [], { onOut });
    await waits.seen;
    const { port, storePath } = app;
    await app.close();
    await lost.seen;
    app = await startJobApp({ port, storePath, name: 'the next one' });
    const { engine, gate } = app;
    await gate.reached;
    gate.open();
    const { code, out } = await run;
    expect(code).toBe(0);
    expect(out).toContain('completed Wait');
    expect(out.match(/Another engine .*/g)).toEqual([`Another engine goes on: the next one (${engine.id})`]);
  });

  it('says nothing of engines before it began, nor of where it was lost without another', async () => {
    const id = await waitingJob();
    const { port, storePath } = app;
    await app.close();
    app = await startJobApp({ port, storePath });
    await app.gate.reached;
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const waits = printed(/started {3}Wait/);
    const run = runJob(['watch', id, '--url', url], waits);
    await waits.seen;
    proxy.cut();
    app.gate.open();
    const { code, out } = await run;
    await proxy.close();
    expect(code).toBe(0);
    expect(out).toContain('completed Wait');
    expect(out).not.toContain('engine');
  });

  it('says nothing of the engine that is the first to run its tasks', async () => {
    const { id } = await app.engine.startWorkflow('welcome', { names: ['Ada'] }, { confirm: true });
    const waits = printed(/It waits to be confirmed/);
    const run = watch(id, [], waits);
    await waits.seen;
    await app.engine.confirmJob(id);
    const { code, out } = await run;
    expect(code).toBe(0);
    expect(out).not.toContain('engine');
  });

  it('shows the job also to whoever may not see its events', async () => {
    await app.close();
    const field: NonNullable<AuthorizeHooks['field']> = (_caller, { type, name }) => `${type}.${name}` !== 'Subscription.jobEvents';
    app = await startJobApp({ api: { authorize: { caller: () => ({ name: 'ada' }), field } } });
    const id = await waitingJob();
    const waits = printed(/started {3}Wait/);
    const run = watch(id, [], waits);
    await waits.seen;
    app.gate.open();
    expect(await run).toMatchObject({ code: 0, err: '', out: expect.stringContaining('completed Wait') });
    expect(await watch(id, ['--json'])).toMatchObject({ code: 4, err: expect.stringContaining('FORBIDDEN') });
  });
});

describe('taskloom job watch, in a terminal', () => {
  it('is a tree with titles, statuses, agents and what they say, drawn over until it ends', async () => {
    const id = await waitingJob();
    const window = new Window(100, 20);
    const waits = window.shows(/half way/);
    const run = watch(id, [], { stdout: window, env: COLOURLESS });
    await waits;
    expect(window.lines()[0]).toBe(`Job ${id}`);
    expect(
      window
        .lines()
        .slice(1, 4)
        .map((line) => line.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/u, '*').replace(/ \d+s/, '')),
    ).toEqual([
      '* waiting ██████████░░░░░░░░░░ 1/2',
      `├─ ✔ Greet Ada @greet  ${SAID} Its output has text "Hello, Ada!".`,
      '└─ * Wait @wait  half way',
    ]);
    app.gate.open();
    expect((await run).code).toBe(0);
    expect(window.lines().map((line) => line.replace(/ \d+s/, ''))).toEqual([
      `Job ${id}`,
      '✔ waiting ████████████████████ 2/2',
      `├─ ✔ Greet Ada @greet  ${SAID} Its output has text "Hello, Ada!".`,
      '└─ ✔ Wait @wait  Its output has text "waited".',
      '',
      'Completed, took.',
      '{',
      '  "text": "waited"',
      '}',
    ]);
  });

  it('tells how long each task runs and ran, by the clocks of the job, and why one failed', async () => {
    const clock = new VirtualClock();
    await app.close();
    app = await startJobApp({ clock });
    // As if it had begun an hour ago: what runs is measured by the clock of the terminal.
    clock.jump(Date.now() - clock.now() - 3_600_000);
    const id = await waitingJob();
    const window = new Window(100, 20);
    const runs = window.shows(/Wait @wait/);
    const run = watch(id, [], { stdout: window, env: COLOURLESS });
    await runs;
    expect(window.lines().find((line) => line.includes('Wait @wait'))).toMatch(/^└─ \S Wait @wait 1h 0\dm/);
    // What has ended is measured by the clock of the engine.
    clock.jump(65_000);
    app.gate.open();
    expect((await run).code).toBe(0);
    expect(window.lines().slice(1, 4)).toEqual([
      '✔ waiting ████████████████████ 2/2',
      `├─ ✔ Greet Ada @greet  ${SAID} Its output has text "Hello, Ada!".`,
      '└─ ✔ Wait @wait 1m 05s  Its output has text "waited".',
    ]);

    const { id: broken } = await app.engine.startWorkflow('breaking', {});
    const other = new Window(100, 20);
    expect((await watch(broken, [], { stdout: other, env: COLOURLESS })).code).toBe(1);
    expect(other.lines().slice(1, 4)).toEqual([
      expect.stringMatching(/^✖ breaking █+ 2\/2/),
      '├─ ✖ Write it down @break  the disk is full',
      '└─ ■ greet  Cancelled because "break" failed and ended the job.',
    ]);
  });

  it('fits into 20 columns', async () => {
    const { id } = await app.engine.startWorkflow('breaking', {});
    const window = new Window(20, 10);
    expect((await watch(id, [], { stdout: window, env: COLOURLESS })).code).toBe(1);
    expect(window.lines().slice(1, 4)).toEqual(['✖ breaking 2/2', '├─ ✖ Write it down', '└─ ■ greet']);
    for (const line of window.lines().slice(1, 4)) expect(line.length).toBeLessThan(20);
  });

  it('has colours, unless NO_COLOR is set', async () => {
    const { id } = await app.engine.startWorkflow('breaking', {});
    const coloured = new Window(80, 10);
    await watch(id, [], { stdout: coloured, env: { TERM: 'xterm' } });
    expect(coloured.written).toContain('\u001B[31m✖\u001B[39m');
    const plain = new Window(80, 10);
    await watch(id, [], { stdout: plain, env: COLOURLESS });
    expect(plain.written).not.toMatch(/\[[\d;]*m/);
  });

  it('is left by Ctrl-C: the job goes on, the code is 130, the tree stays', async () => {
    const id = await waitingJob();
    const window = new Window(100, 20);
    const stopped = window.shows(/half way/).then((): StopCode => 130);
    const { code, err } = await watch(id, [], { stdout: window, env: COLOURLESS, stopped });
    expect(code).toBe(130);
    expect(err).toBe(`\nThe job goes on without you. See it again with:\n  taskloom job watch ${id}\n`);
    expect(window.lines().join('\n')).toContain('Wait @wait');
    expect((await app.engine.job(id).status()).status).toBe('RUNNING');
  });

  it('says below the tree which engine goes on, and takes it back when the job has ended', async () => {
    const id = await waitingJob();
    const window = new Window(100, 20);
    const waits = window.shows(/half way/);
    const run = watch(id, [], { stdout: window, env: COLOURLESS });
    await waits;
    const moved = window.shows(/^Another engine goes on: the next one \(/m);
    const { port, storePath } = app;
    await app.close();
    app = await startJobApp({ port, storePath, name: 'the next one' });
    await moved;
    app.gate.open();
    expect((await run).code).toBe(0);
    expect(window.lines().join('\n')).not.toContain('engine');
  });

  it('says below the tree that the connection is lost, and takes it back', async () => {
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const id = await waitingJob();
    const window = new Window(100, 20);
    const waits = window.shows(/half way/);
    const run = runJob(['watch', id, '--url', url], { stdout: window, env: COLOURLESS });
    await waits;
    const lost = window.shows(/^The connection is lost, trying again\./m);
    proxy.refuse();
    await lost;
    proxy.restore();
    app.gate.open();
    expect((await run).code).toBe(0);
    expect(window.lines().join('\n')).not.toContain('connection is lost');
    await proxy.close();
  });
});

describe('taskloom job watch --json', () => {
  const eventsOf = ({ out }: JobRun): JobEvent[] =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JobEvent);

  it('prints every event as one line, and ends as the job does', async () => {
    const id = await waitingJob();
    const waits = printed(/TASK_PROGRESSED/);
    const run = watch(id, ['--json'], waits);
    await waits.seen;
    app.gate.open();
    const { code, ...rest } = await run;
    const events = eventsOf({ code, ...rest });
    expect(code).toBe(0);
    expect(rest.err).toBe('');
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: events.length }, (_, index) => index + 1));
    expect([events[0]!.type, events.at(-1)!.type]).toEqual(['JOB_SUBMITTED', 'JOB_COMPLETED']);
    expect(events.every(({ jobId, engine }) => jobId === id && engine?.id === app.engine.id)).toBe(true);
  });

  it('begins after the event that was seen last', async () => {
    const job = await app.engine.startWorkflow('welcome', { names: ['Ada'] });
    await job.result();
    const all = eventsOf(await watch(job.id, ['--json']));
    expect(eventsOf(await watch(job.id, ['--json', '--after', '3']))).toEqual(all.slice(3));
    expect(await watch(job.id, ['--json', '--after', String(all.length)])).toMatchObject({ code: 0, out: '' });
  });

  it('ends with 1 for a job that failed', async () => {
    const { id } = await app.engine.startWorkflow('breaking', {});
    const run = await watch(id, ['--json']);
    expect([run.code, eventsOf(run).at(-1)!.type]).toEqual([1, 'JOB_FAILED']);
    expect(run.out).not.toContain('\u001B');
  });

  it('goes on after a lost connection with the next event', async () => {
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const id = await waitingJob();
    const waits = printed(/TASK_PROGRESSED/);
    const run = runJob(['watch', id, '--json', '--url', url], waits);
    await waits.seen;
    proxy.cut();
    app.gate.open();
    const { code, out, err } = await run;
    await proxy.close();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const seqs = eventsOf({ code, out, err }).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
  });
});

it('a job that does not exist is told before anything is watched', async () => {
  expect(await watch('01a1fd45-f7d5-7d49-8eb9-d2ac85137102')).toMatchObject({
    code: 4,
    out: '',
    err: expect.stringContaining('NOT_FOUND'),
  });
});
