import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ask, listen, refusalOf, type Listening } from './support/graphql.js';
import type { HeldGit } from './support/held-git.js';
import type { Server } from './support/server.js';
import { fillSmallRepository, textOf } from './support/small-repository.js';
import { StartJournal } from './support/start-journal.js';
import { readState } from './support/state.js';
import { isAlive, until } from './support/until.js';
import { readReport, reportByHand, useSharedWorkplace, useWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

interface JobEvent {
  readonly seq: number;
  readonly type: string;
  readonly taskKey: string | null;
}

interface Task {
  readonly id: string;
  readonly key: string;
  readonly status: string;
}

interface Job {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly lastSeq: number;
}

const EVENTS = 'subscription ($id: ID!, $after: Int) { jobEvents(jobId: $id, afterSeq: $after) { seq type taskKey } }';
const TASKS = 'subscription ($id: ID!) { taskUpdated(jobId: $id) { id key status } }';
const JOBS = 'subscription ($id: ID) { jobUpdated(jobId: $id) { id status progress lastSeq } }';
const START = `mutation ($input: JSON!) { startWorkflow(name: "repository-report", input: $input) { id status workflow input } }`;

const numbersUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('a server that keeps running', () => {
  const place = useSharedWorkplace();
  let server: Server;
  let url: string;
  let id: string;
  let whileHeld: { readonly job: Job & { readonly counts: { readonly completed: number; readonly inProgress: number } } };
  let inTheMiddle: Listening<{ jobEvents: JobEvent }>;
  let tasksSeen: Listening<{ taskUpdated: Task }>;
  let jobSeen: Listening<{ jobUpdated: Job }>;

  beforeAll(async () => {
    const repository = fillSmallRepository(place.repository());
    const git = place.holdGit(repository.root, 'diff-tree');
    server = place.start([repository.root, '--out', place.outDir, '--port', '0'], { env: git.env, hasGroup: true });
    url = await server.graphql();
    id = (await server.says(/^Job (\S+)$/m))[1] as string;
    await git.reached();
    await server.says(/^completed Inventory:/m);
    whileHeld = await ask(url, 'query ($id: ID!) { job(id: $id) { id status progress lastSeq counts { completed inProgress } } }', { id });
    inTheMiddle = listen(url, EVENTS, { id, after: 0 });
    tasksSeen = listen(url, TASKS, { id });
    jobSeen = listen(url, JOBS, { id });
    await Promise.all([inTheMiddle.first, tasksSeen.first, jobSeen.first]);
    git.open();
    await server.says(/keeps running/);
  });

  it('shows over GraphQL how far a running job is', () => {
    expect(whileHeld.job).toMatchObject({ id, status: 'RUNNING', counts: { inProgress: 1 } });
    expect(whileHeld.job.progress).toBeGreaterThan(20);
    expect(whileHeld.job.progress).toBeLessThan(100);
  });

  it('tells every event to a subscription that was opened in the middle, in order, and ends it with the job', async () => {
    const events = (await inTheMiddle.all).map(({ jobEvents }) => jobEvents);
    expect(events.map(({ seq }) => seq)).toEqual(numbersUpTo(events.length));
    expect(events[0]?.type).toBe('JOB_SUBMITTED');
    expect(events.at(-1)?.type).toBe('JOB_COMPLETED');
    // It was in the middle: some were stored before it was opened, some came after.
    expect(events.length).toBeGreaterThan(whileHeld.job.lastSeq);
    expect(whileHeld.job.lastSeq).toBeGreaterThan(10);
  });

  it('tells the same to a subscription that is opened when all is over, and to a query', async () => {
    const events = (await inTheMiddle.all).map(({ jobEvents }) => jobEvents);
    const late = await listen<{ jobEvents: JobEvent }>(url, EVENTS, { id, after: 0 }).all;
    expect(late.map(({ jobEvents }) => jobEvents)).toEqual(events);
    const { events: queried } = await ask<{ events: JobEvent[] }>(
      url,
      'query ($id: ID!) { events(jobId: $id, first: 1000) { seq type taskKey } }',
      { id },
    );
    expect(queried).toEqual(events);
  });

  it('goes on from the last event that a subscriber has seen', async () => {
    const events = (await inTheMiddle.all).map(({ jobEvents }) => jobEvents);
    const rest = await listen<{ jobEvents: JobEvent }>(url, EVENTS, { id, after: 12 }).all;
    expect(rest.map(({ jobEvents }) => jobEvents)).toEqual(events.slice(12));
  });

  it('tells where each task stands, to the last', async () => {
    const seen = (await tasksSeen.all).map(({ taskUpdated }) => taskUpdated);
    const last = new Map(seen.map(({ key, status }) => [key, status]));
    const { job } = await ask<{ job: { tasks: { nodes: Task[] } } }>(
      url,
      'query ($id: ID!) { job(id: $id) { tasks(first: 100) { nodes { id key status } } } }',
      { id },
    );
    expect(Object.fromEntries(last)).toEqual(Object.fromEntries(job.tasks.nodes.map(({ key, status }) => [key, status])));
    expect([...last.values()]).toEqual(Array(last.size).fill('COMPLETED'));
    expect(seen.some(({ key, status }) => key === 'touches' && status === 'IN_PROGRESS')).toBe(true);
  });

  it('tells how far the job is, always forward, to its end', async () => {
    const seen = (await jobSeen.all).map(({ jobUpdated }) => jobUpdated);
    expect(seen[0]).toMatchObject({ id, status: 'RUNNING' });
    expect(seen.at(-1)).toMatchObject({ id, status: 'COMPLETED', progress: 100 });
    expect(seen.map(({ lastSeq }) => lastSeq)).toEqual(seen.map(({ lastSeq }) => lastSeq).sort((a, b) => a - b));
  });

  it('finds jobs and tasks by what is asked for', async () => {
    const { jobs } = await ask<{ jobs: { nodes: Job[]; totalCount: number } }>(
      url,
      '{ jobs(filter: { workflow: "repository-report", status: [COMPLETED] }) { totalCount nodes { id } } }',
    );
    expect(jobs).toEqual({ totalCount: 1, nodes: [{ id }] });
    const find = async (filter: object): Promise<string[]> => {
      const { tasks } = await ask<{ tasks: { nodes: Task[] } }>(
        url,
        'query ($filter: TaskFilter!) { tasks(filter: $filter) { nodes { key } } }',
        { filter },
      );
      return tasks.nodes.map(({ key }) => key);
    };
    expect(await find({ jobId: id, type: ['STORY'] })).toEqual(['inventory', 'history', 'risks', 'report']);
    expect(await find({ jobId: id, agent: 'count-touches' })).toEqual(['touches']);
    expect(await find({ jobId: id, text: 'HOTSPOT' })).toEqual(['hotspots']);
    expect(await find({ jobId: id, status: ['FAILED', 'CANCELLED'] })).toEqual([]);
    const { job } = await ask<{ job: { objective: Task } }>(url, 'query ($id: ID!) { job(id: $id) { objective { id } } }', { id });
    expect(await find({ parentId: job.objective.id, status: ['COMPLETED'] })).toEqual(['inventory', 'history', 'risks', 'report']);
  });

  it('shows input, output and summaries of a job', async () => {
    const { job } = await ask<{ job: object }>(
      url,
      'query ($id: ID!) { job(id: $id) { success input output workflow objective { summary } } }',
      { id },
    );
    const report = readReport(place.outDir);
    expect(job).toMatchObject({
      success: true,
      workflow: 'repository-report',
      input: { root: report.repository.root },
      output: { summary: report.summary },
    });
  });

  it('draws the graph as DOT, Mermaid and JSON', async () => {
    const draw = async (format: string): Promise<string> =>
      (await ask<{ jobGraph: string }>(url, `query ($id: ID!) { jobGraph(jobId: $id, format: ${format}) }`, { id })).jobGraph;
    expect(await draw('DOT')).toMatch(/^digraph\b[^]*Identify the repository[^]*\}\s*$/);
    expect(await draw('MERMAID')).toMatch(/^flowchart\b[^]*Identify the repository/);
    const { nodes, edges } = JSON.parse(await draw('JSON')) as { nodes: { key: string }[]; edges: unknown[] };
    expect(nodes.map(({ key }) => key)).toEqual(expect.arrayContaining(['objective', 'inventory', 'touches', 'write']));
    expect(edges.length).toBeGreaterThan(5);
  });

  it('lists its agents and workflows with their schemas', async () => {
    const { agents, git, workflows } = await ask<
      Record<'agents' | 'git' | 'workflows', { name: string; inputSchema: { properties: object } }[]>
    >(url, '{ agents { name inputSchema } git: agents(capability: "git") { name } workflows { name inputSchema } }');
    expect(agents).toHaveLength(11);
    expect(git.map(({ name }) => name)).toEqual(['count-touches', 'identify-repository', 'list-files', 'read-history']);
    expect(workflows.map(({ name }) => name)).toEqual(['repository-report']);
    expect(Object.keys(workflows[0]?.inputSchema.properties ?? {})).toEqual(['root', 'outDir', 'since']);
  });

  it('reports on another directory when it is asked to, here one without git: its history is skipped, with the reason', async () => {
    const directory = place.directory('no git');
    directory.write('a.py', textOf(3, 'x = 1'));
    const input = { root: directory.root, outDir: place.path('second out') };
    const { startWorkflow } = await ask<{ startWorkflow: Job }>(url, START, { input });
    expect(startWorkflow).toMatchObject({ workflow: 'repository-report', input });
    const seen = await listen<{ jobUpdated: Job }>(url, JOBS, { id: startWorkflow.id }).all;
    expect(seen.at(-1)?.jobUpdated.status).toBe('COMPLETED');
    const { tasks } = await ask<{ tasks: { nodes: object[] } }>(
      url,
      'query ($id: ID!) { tasks(filter: { jobId: $id, status: [SKIPPED] }) { nodes { key statusReason statusMessage } } }',
      { id: startWorkflow.id },
    );
    const statusMessage = 'There is no history to read: no git repository.';
    expect(tasks.nodes).toEqual([
      expect.objectContaining({ key: 'history' }),
      { key: 'commits', statusReason: 'AGENT_SKIPPED', statusMessage },
      { key: 'touches', statusReason: 'AGENT_SKIPPED', statusMessage },
    ]);
    const report = readReport(input.outDir);
    expect(report).toEqual(await reportByHand(report, input.outDir));
    expect(report).toMatchObject({ repository: { commit: null, branch: null }, totals: { files: 1, lines: 3 } });
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['an input that does not fit', { input: { root: 5 } }, 'INPUT_SCHEMA', /\/root|\/outDir/],
    ['a date that is none', { input: { root: '/', outDir: '/tmp/x', since: 'yesterday' } }, 'INPUT_SCHEMA', /\/since/],
  ])('refuses %s with a code and the place, and lives', async (_, variables, code, message) => {
    const [error] = await refusalOf(url, START, variables);
    expect(error?.extensions.code).toBe(code);
    expect(JSON.stringify(error)).toMatch(message);
    expect(server.isRunning).toBe(true);
  });

  it('refuses a workflow that it does not have', async () => {
    const [error] = await refusalOf(url, 'mutation { startWorkflow(name: "repository-rapport", input: {}) { id } }');
    expect(error?.extensions.code).toBe('UNKNOWN_WORKFLOW');
    expect(JSON.stringify(error)).toContain('repository-report');
  });

  it('tells in a failed job what a person can do, and goes on serving', async () => {
    const input = { root: place.path('nowhere'), outDir: place.path('third out') };
    const { startWorkflow } = await ask<{ startWorkflow: Job }>(url, START, { input });
    await listen(url, JOBS, { id: startWorkflow.id }).all;
    const { job, tasks } = await ask<{ job: Job; tasks: { nodes: object[] } }>(
      url,
      'query ($id: ID!) { job(id: $id) { status } tasks(filter: { jobId: $id, status: [FAILED], type: [TASK] }) { nodes { key error { message } } } }',
      { id: startWorkflow.id },
    );
    expect(job.status).toBe('FAILED');
    const message = `There is no directory ${input.root}. Give the path of an existing directory.`;
    expect(tasks.nodes).toEqual([{ key: 'identify', error: { message } }]);
    expect(server.isRunning).toBe(true);
  });

  it('stops at Ctrl-C with 0 once its report is made', async () => {
    server.pressCtrlC();
    expect(await server.ended).toMatchObject({ code: 0, signal: null, errors: '' });
  });
});

describe('a server that is stopped while it works', () => {
  const place = useWorkplace();
  let server: Server;
  let git: HeldGit;
  let journal: StartJournal;
  let command: string[];

  const startHeld = async (): Promise<void> => {
    const repository = fillSmallRepository(place.repository());
    git = place.holdGit(repository.root, 'diff-tree');
    journal = new StartJournal(place.path('starts'));
    command = [repository.root, '--out', place.outDir, '--port', '0', '--journal', journal.path];
    server = place.start(command, { env: git.env, hasGroup: true });
    await git.reached();
    await server.says(/^completed Inventory:/m);
  };
  it.each(['SIGTERM', 'Ctrl-C'])('by %s stops cleanly with 130, charges no task for it, leaves no process behind', async (how) => {
    await startHeld();
    const [pid] = await git.reached();
    if (how === 'Ctrl-C') server.pressCtrlC();
    else server.kill('SIGTERM');
    const ending = await server.ended;
    expect(ending).toMatchObject({ code: 130, signal: null, errors: '' });
    expect(ending.output).toMatch(/Stopping\. The same command continues/);
    await until(() => !isAlive(pid as number));
    const [job] = readState(place.cwd);
    expect(job?.status).toBe('RUNNING');
    expect(job?.events.filter(({ type }) => type === 'TASK_FAILED' || type === 'TASK_RETRY_SCHEDULED')).toEqual([]);
    expect(job?.tasks.filter(({ status }) => status === 'IN_PROGRESS')).toEqual([]);
  });

  it('goes on at the same command, where it was', async () => {
    await startHeld();
    server.pressCtrlC();
    await server.ended;
    const [job] = readState(place.cwd);
    const completed = job?.tasks.filter(({ status }) => status === 'COMPLETED').map(({ key }) => key) ?? [];
    const starts = journal.starts().length;
    git.open();
    const continued = await place.run([...command, '--once'], { env: git.env });
    expect(continued).toMatchObject({ code: 0, errors: '' });
    expect(continued.output).toContain(`Continuing the unfinished job ${job?.id}: ${completed.length} finished tasks are kept`);
    const again = journal
      .starts()
      .slice(starts)
      .map(({ key }) => key);
    expect(again).toContain('touches');
    expect(again.filter((key) => completed.includes(key))).toEqual([]);
    expect(readState(place.cwd)).toHaveLength(1);
    const report = readReport(place.outDir);
    expect(report).toEqual(await reportByHand(report, place.outDir));
  });

  it('by the same Ctrl-C arriving twice, from the terminal and from npm, stops as cleanly as by one', async () => {
    await startHeld();
    server.pressCtrlC();
    await server.says(/Stopping/);
    server.pressCtrlC();
    // In the midst of its clean-up, which takes a second because a task is held.
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.pressCtrlC();
    expect(await server.ended).toMatchObject({ code: 130, signal: null, errors: '' });
    // Handed back, not left to be found dead.
    const [job] = readState(place.cwd);
    expect(job?.tasks.filter(({ status }) => status === 'IN_PROGRESS')).toEqual([]);
  });

  it('by cancelling its job: the running agent is told, the rest never starts, the server lives', async () => {
    await startHeld();
    const url = await server.graphql();
    const [pid] = await git.reached();
    const { jobs } = await ask<{ jobs: { nodes: Job[] } }>(url, '{ jobs(filter: { status: [RUNNING] }) { nodes { id } } }');
    const { id } = jobs.nodes[0] as Job;
    const { cancelJob } = await ask<{ cancelJob: Job }>(
      url,
      'mutation ($id: ID!) { cancelJob(id: $id, reason: "changed my mind") { id status } }',
      { id },
    );
    expect(cancelJob).toEqual({ id, status: 'CANCELLED' });
    await until(() => !isAlive(pid as number));
    await server.says(/keeps running/);
    const events = (await listen<{ jobEvents: JobEvent }>(url, EVENTS, { id, after: 0 }).all).map(({ jobEvents }) => jobEvents);
    expect(events.map(({ seq }) => seq)).toEqual(numbersUpTo(events.length));
    expect(events.at(-1)?.type).toBe('JOB_CANCELLED');
    const [error] = await refusalOf(url, 'mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
    expect(error?.extensions.code).toBe('JOB_ALREADY_TERMINAL');
    server.pressCtrlC();
    const ending = await server.ended;
    expect(ending).toMatchObject({ code: 0, signal: null });
    expect(ending.errors).toMatch(/^The report could not be made\. .*CANCELLED: changed my mind$/m);
    expect(journal.starts().map(({ key }) => key)).not.toContain('write');
  });
});
