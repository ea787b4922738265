import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from '../arena.mjs';
import { Child } from '../child.mjs';
import { mixedJobs } from '../orders.mjs';
import { mountProblem, mountSmallDisk, unmount } from '../tools.mjs';
import { readWitness } from '../witness.mjs';

const DISK_MB = 16;
const MOST_FREE_BYTES = 60_000;
const FULL_MS = 120;
const FILLS = 3;
const START_MS = 2_000;
const ROUND_SHARE = 1 / 50;

/** The disk fills up under a working engine, is emptied again, and sometimes the process is killed while it is full. */
export const diskFull = {
  title: 'Fill the disk',
  async run({ auditor, random, cycles, tally, progress }) {
    const problem = mountProblem();
    if (problem) return tally.check('disk-full', [problem]);
    const rounds = Math.max(2, Math.round(cycles * ROUND_SHARE));
    for (let round = 0; round < rounds; round += 1) {
      const disk = mkdtempSync(join(tmpdir(), 'taskloom-disk-'));
      mountSmallDisk(disk, DISK_MB);
      const stage = new Stage({ arena: new Arena(auditor, { disk }), disk, random, tally, round });
      try {
        await stage.play();
      } finally {
        await stage.clear();
        unmount(disk);
        rmSync(disk, { recursive: true, force: true });
      }
      progress(round + 1, rounds);
    }
    tally.demand('disk-full', {
      fills: rounds * FILLS,
      refused: rounds,
      readsWhileFull: rounds,
      killedWhileFull: Math.floor(rounds / 2),
      completed: rounds * 100,
    });
  },
};

/** One small disk with one database. */
class Stage {
  #child = null;
  #lives = 0;

  constructor({ arena, disk, random, tally, round }) {
    Object.assign(this, { arena, disk, random, tally, round, ballast: join(disk, 'ballast') });
  }

  async play() {
    this.#start();
    await this.#child.says('started');
    for (let fill = 0; fill < FILLS; fill += 1) {
      await delay(this.random() * 100);
      this.#fillUp();
      const readsBefore = this.#reads();
      await delay(FULL_MS);
      this.tally.count('disk-full', { fills: 1, readsWhileFull: this.#reads() - readsBefore });
      if (fill === 1 && this.round % 2 === 0) await this.#dieAndStartWhileFull();
      rmSync(this.ballast, { force: true });
    }
    await this.#child.says('submitted');
    this.#child.kill('SIGKILL');
    const { code } = await this.#child.exited;
    const problems = [];
    if (code !== null) problems.push(`the process ended with ${code} while the disk was full`);
    if (this.#child.complaints !== '') problems.push(`the process complained: ${this.#child.complaints.slice(0, 500)}`);
    const audit = await this.arena.drain(this.round);
    this.tally.checkAudit(`round ${this.round}`, { ...audit, violations: [...problems, ...audit.violations] });
    this.tally.count('disk-full', audit.counts);
  }

  async clear() {
    this.#child?.kill('SIGKILL');
    await this.#child?.exited;
    this.arena.remove();
  }

  #start() {
    this.#lives += 1;
    const submits = mixedJobs(`life${this.#lives}`, { dag: 2, tiny: 30 });
    this.#child = new Child().begin(this.arena.order({ seed: this.round, submits, spreadMs: 600, cancelShare: 0.5, serves: true }));
  }

  /** A start on a full disk may be refused, in good order, or succeed; when there is space again it must succeed. */
  async #dieAndStartWhileFull() {
    this.#child.kill('SIGKILL');
    await this.#child.exited;
    this.tally.count('disk-full', { killedWhileFull: 1 });
    this.#start();
    await Promise.race([this.#child.says('started'), this.#child.exited, delay(START_MS)]);
    rmSync(this.ballast);
    if (await this.#child.says('started')) return;
    const { code } = await this.#child.exited;
    const isOrderly = this.#child.hasSaid('refused') && this.#child.complaints === '';
    this.tally.check('a start on a full disk', isOrderly ? [] : [`it ended with ${code}: ${this.#child.complaints.slice(0, 500)}`]);
    this.#start();
    if (!(await this.#child.says('started'))) throw new Error('the engine does not start although there is space again');
  }

  #fillUp() {
    const { bavail, bsize } = statfsSync(this.disk);
    const bytes = Math.max(0, bavail * bsize - Math.floor(this.random() * MOST_FREE_BYTES));
    try {
      writeFileSync(this.ballast, Buffer.alloc(bytes));
    } catch (error) {
      // The engine has taken the rest meanwhile: all the fuller.
      if (error.code !== 'ENOSPC') throw error;
    }
  }

  #reads() {
    return readWitness(this.arena.witness).filter(({ what, more }) => what === 'read' && more !== '0').length;
  }
}
