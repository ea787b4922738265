import { describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, readdirSync } from 'node:fs';
import type { AuditEntry } from '@taskloom/audit-plugin';
import { readLines } from './support/file-watch.js';
import { ask } from './support/graphql.js';
import { fillSmallRepository } from './support/small-repository.js';
import { readState } from './support/state.js';
import { useWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

const place = useWorkplace();
const entriesIn = (path: string): AuditEntry[] => readLines(path).map((line) => JSON.parse(line) as AuditEntry);
const eventsIn = (path: string): string[] => entriesIn(path).map(({ job, seq, what, task }) => `${job} ${seq} ${what} ${task ?? null}`);
/** What the database says of all jobs, in the words of the file. */
const storedEvents = (): string[] =>
  readState(place.cwd).flatMap(({ id, events }) => events.map(({ seq, type, task }) => `${id} ${seq} ${type} ${task}`));

describe('a server with --audit', () => {
  it('writes every event once, though it is killed halfway', async () => {
    const { root } = fillSmallRepository(place.repository());
    const git = place.holdGit(root, 'diff-tree');
    const audit = place.path('new folder', 'audit.jsonl');
    const args = [root, '--once', '--out', place.outDir, '--audit', audit];

    const killed = place.start(args, { env: git.env });
    await git.reached();
    await killed.says(/^completed Inventory:/m);
    killed.kill('SIGKILL');
    await killed.ended;
    const before = eventsIn(audit);
    expect(before.length).toBeGreaterThan(5);
    git.open();
    expect(await place.run(args)).toMatchObject({ code: 0, errors: '' });

    expect(eventsIn(audit)).toEqual(storedEvents());
    expect(eventsIn(audit).slice(0, before.length)).toEqual(before);
    expect(entriesIn(audit)[0]).toMatchObject({ what: 'JOB_SUBMITTED', workflow: 'repository-report', who: 'user' });
  });

  it('says who cancelled a job, and why', async () => {
    const { root } = fillSmallRepository(place.repository());
    const git = place.holdGit(root, 'diff-tree');
    const audit = place.path('audit.jsonl');
    const server = place.start([root, '--once', '--out', place.outDir, '--audit', audit], { env: git.env });
    const url = await server.graphql();
    const id = (await server.says(/^Job (\S+)$/m))[1] as string;
    await git.reached();
    await ask(url, 'mutation ($id: ID!) { cancelJob(id: $id, reason: "wrong \\u001b[31mrepository") { status } }', { id });
    expect(await server.ended).toMatchObject({ code: 1 });

    const cancelled = entriesIn(audit).filter(({ what }) => what === 'JOB_CANCELLED');
    expect(cancelled).toMatchObject([{ job: id, who: expect.stringMatching(/^user/), why: 'wrong \u001b[31mrepository' }]);
    // Whoever looks at the file in a terminal sees it in black and white.
    expect(readLines(audit).join('')).toMatch(/^[^\p{Cc}]+$/u);
  });

  it('does not start where it cannot write', async () => {
    const { root } = fillSmallRepository(place.repository());
    mkdirSync(place.path('a folder'));
    const ending = await place.run([root, '--once', '--out', place.outDir, '--audit', place.path('a folder')]);

    expect(ending.code).toBe(1);
    expect(ending.errors).toMatch(/The hook `started` of the plugin "audit" failed: EISDIR/);
    expect(readdirSync(place.outDir)).toEqual([]);
  });
});
