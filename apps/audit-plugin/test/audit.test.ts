import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { createEngine, definePlugin } from '@taskloom/core';

import { auditPlugin } from '../src/index.js';
import { agent, auditOf, echo, Gate, logOf, useAuditLab } from './support/audit-lab.js';
import { loadDatabase } from './support/load-database.js';

jest.setTimeout(20_000);
const lab = useAuditLab();
const one = (input: unknown = 1) => ({ name: 'job', tasks: [{ key: 't', agent: 'echo', input: input as never }] });
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

describe('every move of every job', () => {
  it('is a line that says when, what, who and why', async () => {
    const fails = agent('fails', () => {
      throw new Error('no such customer');
    });
    const engine = await lab.start({ agents: [echo, fails] });
    const job = await engine.submitJob({
      name: 'bill',
      options: { tenant: 'acme' },
      tasks: [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'fails', dependsOn: ['a'] },
        { key: 'c', agent: 'echo', dependsOn: ['b'] },
      ],
    });
    await job.result().catch(() => undefined);
    const other = await engine.submitJob({ name: 'later', options: { runAt: '2999-01-01' }, tasks: [{ key: 'd', agent: 'echo' }] });
    await other.cancel({ actor: 'ada', reason: 'not wanted' });
    await lab.stop(engine);

    const entries = lab.entries();
    const events = await lab.start().then((again) => again.reader.events(job.id, 0, 100));
    expect(auditOf(entries, job.id)).toEqual(events.map(({ seq, type }) => `${seq} ${type}`));
    const line = (what: string, jobId = job.id) => entries.find((entry) => entry.job === jobId && entry.what === what);
    expect(line('JOB_SUBMITTED')).toEqual({
      at: new Date(events[0]!.at).toISOString(),
      job: job.id,
      seq: 1,
      what: 'JOB_SUBMITTED',
      name: 'bill',
      tenant: 'acme',
      who: 'user',
    });
    expect(line('TASK_STARTED')).toMatchObject({ task: 'a', attempt: 1 });
    expect(line('TASK_FAILED')).toMatchObject({ task: 'b', who: 'agent', why: 'AGENT_FAILED: no such customer' });
    expect(line('TASKS_CANCELLED')).toMatchObject({ tasks: [expect.stringContaining(job.id)] });
    expect(line('JOB_CANCELLED', other.id)).toMatchObject({ who: 'user:ada', why: 'not wanted' });
  });

  it('is in the file before the next one is told, and is there once after a stop and a start', async () => {
    const engine = await lab.start();
    const first = await engine.submitJob(one());
    await first.result();
    await lab.stop(engine);
    const again = await lab.start();
    const second = await again.submitJob(one());
    await second.result();
    const logs = [await logOf(again, first.id), await logOf(again, second.id)];
    await lab.stop(again);

    expect([auditOf(lab.entries(), first.id), auditOf(lab.entries(), second.id)]).toEqual(logs);
  });

  it('is written once by each of two plugins with names of their own', async () => {
    const second = join(lab.folder, 'second.jsonl');
    const engine = await lab.start({ plugins: [auditPlugin({ file: second, name: 'audit-2' })] });
    await (await engine.submitJob(one())).result();
    await lab.stop(engine);

    expect(readFileSync(second, 'utf8')).toBe(readFileSync(lab.file, 'utf8'));
  });
});

/** A plugin of the engine that loses its place: everything is told again. */
const forget = async (): Promise<void> => {
  const database = await loadDatabase(join(lab.folder, 'jobs.db'));
  database.exec("DELETE FROM taskloom_key_value WHERE scope LIKE '$plugin%' AND key <> 'since'");
  database.exec(`UPDATE taskloom_key_value SET value = '0' WHERE scope LIKE '$plugin%'`);
  database.close();
};

describe('what the engine tells again', () => {
  it.each([
    ['one file', {}],
    ['many files', { maxBytes: 1_024 }],
  ])('is not written again, in %s', async (_, audit) => {
    const engine = await lab.start({ audit });
    const jobs = [];
    for (let count = 0; count < 8; count += 1) {
      const job = await engine.submitJob(one(count));
      await job.result();
      jobs.push(job.id);
    }
    await lab.stop(engine);
    const before = lab.entries();
    await forget();
    let told = 0;
    const again = await lab.start({ audit, plugins: [definePlugin({ name: 'audit-watcher', onEvent: () => void (told += 1) })] });
    const last = await again.submitJob(one());
    await last.result();
    await lab.stop(again);

    const entries = lab.entries();
    expect(entries.slice(0, before.length)).toEqual(before);
    expect(new Set(entries.slice(before.length).map(({ job }) => job))).toEqual(new Set([last.id]));
    for (const job of [...jobs, last.id]) expect(new Set(auditOf(entries, job)).size).toBe(auditOf(entries, job).length);
    expect(told).toBeGreaterThan(0);
  });
});

describe('what is missing in the file', () => {
  it('of a job that has not ended is written from its log at the start', async () => {
    const gate = new Gate();
    const engine = await lab.start({ agents: [gate.agent] });
    const job = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await until(() => auditOf(lab.entries(), job.id).length === 3);
    await lab.stop(engine);
    // As a power loss leaves it, which the engine, whose database has lost nothing, knows nothing of.
    const [first] = readFileSync(lab.file, 'utf8').split('\n');
    writeFileSync(lab.file, `${first}\n{"at":`);
    const again = await lab.start({ agents: [gate.agent] });
    const log = await logOf(again, job.id);
    expect(log.length).toBeGreaterThan(2);
    expect(auditOf(lab.entries(), job.id).slice(0, 3)).toEqual(log.slice(0, 3));
    gate.open();
    await again.job(job.id).result();
    const whole = await logOf(again, job.id);
    await lab.stop(again);

    expect(auditOf(lab.entries(), job.id)).toEqual(whole);
  });

  it('because the plugin was not there yet stays away', async () => {
    const gate = new Gate();
    const without = createEngine({ store: { path: join(lab.folder, 'jobs.db') } });
    without.register(gate.agent);
    await without.start();
    const job = await without.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await without.stop({ graceMs: 0 });
    const engine = await lab.start({ agents: [gate.agent] });
    gate.open();
    await engine.job(job.id).result();
    const log = await logOf(engine, job.id);
    await lab.stop(engine);

    const before = log.findIndex((event) => event.endsWith('TASK_ABANDONED')) + 1;
    expect(before).toBe(4);
    expect(auditOf(lab.entries(), job.id)).toEqual(log.slice(before));
  });
});

describe('a full file', () => {
  it('is closed at its size and kept under a number and a time', async () => {
    const engine = await lab.start({ audit: { maxBytes: 2_048 } });
    const jobs = [];
    for (let count = 0; count < 12; count += 1) jobs.push(await engine.submitJob(one(count)));
    await Promise.all(jobs.map((job) => job.result()));
    const logs = await Promise.all(jobs.map(({ id }) => logOf(engine, id)));
    await lab.stop(engine);

    const files = lab.files();
    expect(files.length).toBeGreaterThan(3);
    files.slice(0, -1).forEach((name, index) => {
      expect(name).toMatch(new RegExp(`^audit\\.00000${index + 1}\\.\\d{8}T\\d{9}Z\\.jsonl$`));
      const size = readFileSync(join(lab.folder, 'audit', name)).length;
      expect(size).toBeLessThanOrEqual(2_048);
      expect(size).toBeGreaterThan(1_500);
    });
    expect(jobs.map(({ id }) => auditOf(lab.entries(), id))).toEqual(logs);
  });

  it('with one line that is longer than files may be is begun and ended with it', async () => {
    const engine = await lab.start({ audit: { maxBytes: 1_024 } });
    const tasks = Array.from({ length: 60 }, (_, index) => ({ key: `t${index}`, agent: 'echo' }));
    const job = await engine.submitJob({ name: 'job', options: { confirm: true }, tasks });
    await job.cancel();
    const log = await logOf(engine, job.id);
    await lab.stop(engine);

    expect(auditOf(lab.entries(), job.id)).toEqual(log);
  });
});

describe('a file that cannot be written', () => {
  it('at the start refuses the start', async () => {
    writeFileSync(dirname(lab.file), 'a file where the folder should be');

    await expect(lab.create().start()).rejects.toMatchObject({ code: 'PLUGIN_FAILED', message: expect.stringContaining('audit') });
  });

  it.each([
    ['other text', 'what is this?\n'],
    ['other JSON', '{"at":"2026-01-01T00:00:00Z"}\n'],
    ['lines of no time', '{"at":"yesterday","what":"JOB_SUBMITTED"}\n'],
  ])('because it holds %s is left as it is, and refuses the start', async (_, text) => {
    await lab.stop(await lab.start());
    writeFileSync(lab.file, text);

    await expect(lab.create().start()).rejects.toMatchObject({ code: 'PLUGIN_FAILED', message: expect.stringContaining('Line 1 of') });
    expect(readFileSync(lab.file, 'utf8')).toBe(text);
  });

  it('keeps new jobs out, lets the others run, and gets all their events when it can be written again', async () => {
    const engine = await lab.start({ audit: { maxBytes: 1_024 } });
    const jobs = [await engine.submitJob(one())];
    await jobs[0]!.result();
    const folder = dirname(lab.file);
    // The file at hand is still there; the next one cannot be begun.
    renameSync(folder, `${folder}.away`);
    while (lab.problems.length === 0) {
      const job = await engine.submitJob(one());
      jobs.push(job);
      await job.result();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lab.problems).toEqual([expect.stringMatching(/audit\.jsonl cannot be written to: ENOENT/)]);
    await expect(engine.submitJob(one())).rejects.toMatchObject({
      code: 'PLUGIN_VETO',
      message: 'The plugin "audit" refused the job: What happens in it could not be recorded (ENOENT).',
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(`${folder}.away`, folder);
    const log = await logOf(engine, jobs.at(-1)!.id);
    await until(() => auditOf(lab.entries(), jobs.at(-1)!.id).length === log.length);

    jobs.push(await engine.submitJob(one()));
    await jobs.at(-1)!.result();
    const logs = await Promise.all(jobs.map(({ id }) => logOf(engine, id)));
    await lab.stop(engine);
    expect(jobs.map(({ id }) => auditOf(lab.entries(), id))).toEqual(logs);
    expect(lab.problems).toHaveLength(1);
  });

  it('is told to the process where nobody else wants to know', async () => {
    const { folder } = lab;
    const plugin = auditPlugin({ file: join(folder, 'below', 'audit.jsonl'), name: 'other', maxBytes: 1_024 });
    const engine = await lab.start({ plugins: [plugin] });
    renameSync(join(folder, 'below'), join(folder, 'away'));
    writeFileSync(join(folder, 'below'), 'no folder');
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
    for (let count = 0; count < 10; count += 1) await engine.submitJob(one()).catch(() => undefined);
    await until(() => warned.mock.calls.length > 0);

    expect(warned.mock.calls).toEqual([[expect.stringContaining('cannot be written to: E'), { type: 'AuditWarning' }]]);
    rmSync(join(folder, 'below'));
    renameSync(join(folder, 'away'), join(folder, 'below'));
  });
});

it('A plugin serves one engine at a time', async () => {
  const shared = auditPlugin({ file: lab.file });
  const engine = (name: string) => createEngine({ store: { path: join(lab.folder, name) }, plugins: [shared] });
  const [first, second, third] = [engine('1.db'), engine('2.db'), engine('3.db')];
  await first.start();
  await expect(second.start()).rejects.toMatchObject({ code: 'PLUGIN_FAILED' });
  await first.stop();
  await third.start();
  await third.stop();
});
