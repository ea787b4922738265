import { readFileSync, writeFileSync } from 'node:fs';
import { Database } from '../../bench/engines/sqlite-driver.mjs';

/** Each takes an arena in which everything has ended well, and breaks one promise in its database or its ledger. @type {Record<string, (arena: { path: string, witness: string }) => void>} */
export const damages = {
  'an acknowledged job is gone': inDatabase((database) => {
    const { no, id } = database.prepare('SELECT no, id FROM taskloom_job LIMIT 1').get();
    for (const table of ['task', 'task_spec', 'event', 'job_spec', 'payload', 'step'])
      database.prepare(`DELETE FROM taskloom_${table} WHERE job_no = ?`).run(no);
    database.prepare('DELETE FROM taskloom_idempotency WHERE job_id = ?').run(id);
    database.prepare('DELETE FROM taskloom_job WHERE no = ?').run(no);
  }),
  'the end of a log is gone': inDatabase((database) => {
    database.exec('DELETE FROM taskloom_event WHERE job_no = 1 AND seq = (SELECT MAX(seq) FROM taskloom_event WHERE job_no = 1)');
  }),
  'an event is missing in a log': inDatabase((database) => database.exec('DELETE FROM taskloom_event WHERE job_no = 1 AND seq = 3')),
  'two events have changed places': inDatabase((database) => {
    for (const [from, to] of [
      [3, -1],
      [4, 3],
      [-1, 4],
    ])
      database.prepare('UPDATE taskloom_event SET seq = ? WHERE job_no = 1 AND seq = ?').run(to, from);
  }),
  'a row counts an attempt that its log does not have': inDatabase((database) =>
    database.exec('UPDATE taskloom_task SET attempt = attempt + 1 WHERE job_no = 2 AND no = 1'),
  ),
  'a task of an ended job is open again': inDatabase((database) =>
    database.exec('UPDATE taskloom_task SET status = 0 WHERE job_no = 2 AND no = 1'),
  ),
  'a job says something else than its log': inDatabase((database) =>
    database.exec('UPDATE taskloom_job SET status = (status + 1) % 5 WHERE no = 3'),
  ),
  'a large output is gone': inDatabase((database) => database.exec('DELETE FROM taskloom_payload WHERE kind = 0')),
  'a task ended before it began': inDatabase((database) =>
    database.exec('UPDATE taskloom_task SET finished_at = started_at - 1 WHERE started_at > 0'),
  ),
  'a page of the database is overwritten': ({ path }) => {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 4_096 * 5, 4_096 * 6));
  },

  'a completed task starts again': inLedger((lines) => [...lines, lines.find(starts('echo'))]),
  'a task starts before its dependency has given anything': inLedger((lines) =>
    lines.filter((line) => !/^gives\t[^\t]*\tl0-0\t/.test(line)),
  ),
  'a task has an attempt too many': inLedger((lines) =>
    lines.map((line) => (starts('flaky')(line) ? line.replace(/\t\d+ /, '\t4 ') : line)),
  ),
  'a step runs again after its result was kept': inLedger((lines) => [...lines, lines.find((line) => line.startsWith('step\t'))]),
  'a task starts after its job was cancelled': inLedger((lines) => {
    const [, job] = lines.find((line) => line.startsWith('cancelled\t')).split('\t');
    return [...lines, `start\t${job}\tslow-9\t1 FIRST slow\t1;`];
  }),
  'more attempts run at once than are allowed': inLedger((lines) => lines.filter((line) => !line.startsWith('leaves\t'))),
  'an event is delivered twice': inLedger((lines) => [...lines, lines.find((line) => line.startsWith('event\t'))]),
  'an event is never delivered': inLedger((lines) => {
    const index = lines.findIndex((line) => /^event\t.*\t3 /.test(line));
    return lines.filter((_, each) => each !== index);
  }),
  'a key was acknowledged as two jobs': inLedger((lines) => [
    ...lines,
    lines.find((line) => line.startsWith('acknowledged\t')).replace(/\t[^\t]+(\t\d+;)$/, '\tanother$1'),
  ]),
  'a result is wrong': inLedger((lines) => lines.map((line) => (line.startsWith('result\t') ? line.replace(/\d+\}/, '77}') : line))),
  'a process never answered its stop': inLedger((lines) => [...lines, 'stopping\t\t\t\t1;']),
  'a worker met something that must not be': inLedger((lines) => [...lines, 'wrong\tjob\t\tsubmit: TypeError\t1;']),
};

function starts(agent) {
  return (line) => line.startsWith('start\t') && line.includes(` ${agent}\t`);
}

function inDatabase(act) {
  return ({ path }) => {
    const database = new Database(path);
    try {
      act(database);
    } finally {
      database.close();
    }
  };
}

function inLedger(change) {
  return ({ witness }) => {
    const lines = readFileSync(witness, 'utf8').trimEnd().split('\n');
    const changed = change(lines);
    if (changed.includes(undefined) || changed.join() === lines.join())
      throw new Error('The ledger has nothing in it that could be damaged so.');
    writeFileSync(witness, changed.join('\n'));
  };
}
