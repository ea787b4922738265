import { join } from 'node:path';
import { Database } from './sqlite-driver.mjs';

const SCHEMA = `
  CREATE TABLE task (id INTEGER PRIMARY KEY, status INTEGER NOT NULL, input TEXT NOT NULL, output TEXT);
  CREATE TABLE edge (task INTEGER NOT NULL, dependency INTEGER NOT NULL, PRIMARY KEY (task, dependency)) WITHOUT ROWID;
  CREATE TABLE event (seq INTEGER PRIMARY KEY, task INTEGER NOT NULL, type INTEGER NOT NULL, at INTEGER NOT NULL);`;
const WAITING = 0;
const RUNNING = 1;
const DONE = 2;

/**
 * The attainable limit, and no engine: nothing here can fail, be cancelled, or be asked anything. It keeps tasks, edges
 * and outputs, records two transitions a task with an event each, writes once for each turn of the event loop, and
 * starts what a transaction has released when that transaction is durable.
 *
 * @type {import('./index.mjs').Open}
 */
export async function open({ folder, concurrency, synchronous }) {
  const database = new Database(join(folder, 'floor.db'));
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma('wal_autocheckpoint = 4000');
  database.exec(SCHEMA);
  const insertTask = database.prepare('INSERT INTO task (id, status, input) VALUES (?, ?, ?)');
  const insertEdge = database.prepare('INSERT INTO edge (task, dependency) VALUES (?, ?)');
  const start = database.prepare('UPDATE task SET status = ? WHERE id = ?');
  const finish = database.prepare('UPDATE task SET status = ?, output = ? WHERE id = ?');
  const insertEvent = database.prepare('INSERT INTO event (task, type, at) VALUES (?, ?, ?)');

  const submitted = [];
  const finished = [];
  const ready = [];
  let nextReady = 0;
  let lastId = 0;
  let running = 0;
  let scheduled = false;
  const schedule = () => {
    if (!scheduled) setImmediate(flush);
    scheduled = true;
  };

  /** Everything that has happened since the last turn, in one transaction; then everything that follows from it. */
  function flush() {
    scheduled = false;
    const now = Date.now();
    const started = [];
    const jobs = submitted.splice(0);
    const outcomes = finished.splice(0);
    database.exec('BEGIN IMMEDIATE');
    for (const job of jobs) insertJob(job);
    for (const { task, output } of outcomes) {
      finish.run(DONE, JSON.stringify(output), task.id);
      insertEvent.run(task.id, DONE, now);
      for (const dependent of task.dependents) if (--dependent.open === 0) ready.push(dependent);
    }
    running -= outcomes.length;
    while (running < concurrency && nextReady < ready.length) {
      const task = ready[nextReady++];
      start.run(RUNNING, task.id);
      insertEvent.run(task.id, RUNNING, now);
      started.push(task);
      running += 1;
    }
    database.exec('COMMIT');
    for (const job of jobs) job.acknowledge();
    for (const { task } of outcomes) if (--task.job.open === 0) task.job.resolve();
    for (const task of started) void execute(task);
  }

  function insertJob(job) {
    const tasks = job.graph.map((dependencies, no) => ({ job, no, id: ++lastId, open: dependencies.length, dependents: [] }));
    for (const task of tasks) {
      insertTask.run(task.id, WAITING, JSON.stringify({ job: job.no, task: task.no }));
      for (const no of job.graph[task.no]) {
        insertEdge.run(task.id, tasks[no].id);
        tasks[no].dependents.push(task);
      }
      if (task.open === 0) ready.push(task);
    }
  }

  async function execute(task) {
    const output = await task.job.runTask(task.job.no, task.no);
    finished.push({ task, output });
    schedule();
  }

  async function run(graphs, runTask) {
    const startedAt = performance.now();
    let submitMs = 0;
    await Promise.all(
      graphs.map((graph, no) => {
        const acknowledge = () => (submitMs = performance.now() - startedAt);
        schedule();
        return new Promise((resolve) => submitted.push({ no, graph, runTask, open: graph.length, acknowledge, resolve }));
      }),
    );
    return { submitMs };
  }

  return { run, close: async () => void database.close() };
}
