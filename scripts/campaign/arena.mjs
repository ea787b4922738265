import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.mjs';
import { Testimony } from './testimony.mjs';
import { readWitness } from './witness.mjs';

/**
 * One database and the ledger of everything that is done with it, over the lives of many processes.
 */
export class Arena {
  #testimony = new Testimony();
  #auditor;
  /** Every job that somebody has asked for, in order. */
  #orders = [];
  #isClean = true;

  /**
   * @param {{ auditDatabase: Function, readJobs: Function }} auditor
   * @param {{ folder?: string, disk?: string }} [where] a folder that has one already; one for the database alone, which then lies
   *   there, and not beside the ledger
   */
  constructor(auditor, { folder, disk } = {}) {
    this.#auditor = auditor;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'taskloom-campaign-'));
    this.path = join(disk ?? this.folder, 'jobs.db');
    this.witness = join(this.folder, 'witness');
  }

  /**
   * An order for the next process: what has no answer yet, what is new, and the jobs that are there.
   *
   * @param {{ seed: number, submits?: readonly object[], spreadMs?: number, announces?: string | null, cancelShare?: number, drain?: boolean, serves?: boolean }} wish
   */
  order({ seed, submits = [], spreadMs = 0, announces = null, cancelShare = 0, drain = false, serves = false }) {
    this.#orders.push(...submits);
    const lines = readWitness(this.witness);
    const ids = new Map(lines.flatMap(({ what, job, more }) => (what === 'acknowledged' ? [[job, more]] : [])));
    const cursors = new Map();
    const closed = new Set();
    const cancelled = new Set();
    for (const { what, job, more } of lines) {
      if (what === 'event') cursors.set(job, Number(more.split(' ')[0]));
      if (what === 'result' || what === 'ended') closed.add(job);
      if (what === 'cancelled') cancelled.add(job);
    }
    return {
      path: this.path,
      witness: this.witness,
      seed,
      submits: this.#orders.filter(({ key }) => !ids.has(key)),
      spreadMs,
      announces,
      follows: [...ids.values()]
        .filter((id) => !closed.has(id))
        .map((id) => ({ id, afterSeq: cursors.get(id) ?? 0, isCancelled: cancelled.has(id) })),
      ended: [...closed].at(-1) ?? null,
      cancelShare,
      drain,
      serves,
    };
  }

  /**
   * Holds database and ledger against everything that must be true of them, while no process runs.
   *
   * @returns {Promise<{ lost: string[], doubled: string[], violations: string[], counts: Record<string, number>, isInAttempt: boolean, open: number, jobs: number }>}
   */
  async audit() {
    const lines = readWitness(this.witness);
    const problems = [];
    let report = { open: [], jobs: 0 };
    let jobs = [];
    try {
      const copy = await this.#auditor.copyOfDead(this.path, `${this.folder}/audited`);
      jobs = await this.#auditor.readJobs(copy);
      report = await this.#auditor.auditDatabase(copy);
    } catch (error) {
      problems.push(error.message);
    }
    const isInAttempt = this.#testimony.takeSnapshot(jobs, lines.length);
    const { lost, doubled, violations, counts } = this.#testimony.examine(lines, jobs);
    return this.#noted({
      lost,
      doubled,
      violations: [...problems, ...violations],
      counts,
      isInAttempt,
      open: report.open.length,
      jobs: report.jobs,
    });
  }

  /**
   * After the last fault: one more process, in which nothing goes wrong, must bring every job to its end.
   *
   * @param {number} seed
   * @param {ConstructorParameters<typeof Child>[0]} [how]
   */
  async drain(seed, how) {
    const child = new Child(how).begin(this.order({ seed, drain: true }));
    const problems = [];
    const done = await child.says('done').catch((error) => {
      problems.push(error.message);
      return null;
    });
    if (!done) child.kill('SIGKILL');
    const { code, signal } = await child.exited;
    if (done && code !== 0) problems.push(`the last process ended with ${signal ?? code}`);
    if (!done) problems.push(`the last process did not bring everything to its end (${signal ?? code}): ${child.complaints.slice(-500)}`);
    for (const error of done?.errors ?? []) problems.push(`the last process logged an error: ${error}`);
    const audit = await this.audit();
    if (audit.open > 0) problems.push(`${audit.open} jobs are open after the last process has ended`);
    return this.#noted({ ...audit, violations: [...problems, ...audit.violations] });
  }

  #noted(audit) {
    this.#isClean &&= audit.lost.length + audit.doubled.length + audit.violations.length === 0;
    return audit;
  }

  /** Leaves nothing behind; where something was found, what it was found in. */
  remove() {
    if (this.#isClean) rmSync(this.folder, { recursive: true, force: true });
    else console.log(`  what it was found in is kept: ${this.folder}`);
  }
}
