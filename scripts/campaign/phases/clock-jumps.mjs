import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from '../arena.mjs';
import { Child } from '../child.mjs';
import { mixedJobs } from '../orders.mjs';
import { FAKETIME_PROBLEM, findFaketime } from '../tools.mjs';

const HOUR_S = 3_600;
const YEAR_S = 31_557_600;
const JUMPS_S = [HOUR_S, -HOUR_S, 10 * YEAR_S, 90, -90, 0];
const ROUND_SHARE = 1 / 50;
const JUMPS_OF_A_PROCESS = 6;

/** The wall clock jumps by hours and years under a working engine, and between the lives of its processes. */
export const clockJumps = {
  title: 'Let the clock jump',
  async run({ auditor, random, cycles, tally, progress }) {
    const library = findFaketime();
    if (library === null) return tally.check('clock-jumps', [FAKETIME_PROBLEM]);
    const rounds = Math.max(2, Math.round(cycles * ROUND_SHARE));
    for (let round = 0; round < rounds; round += 1) {
      await runRound({ arena: new Arena(auditor), library, random, tally, round });
      progress(round + 1, rounds);
    }
    tally.demand('clock-jumps', { jumps: rounds * JUMPS_OF_A_PROCESS, completed: rounds * 60, retried: rounds * 2, kills: rounds });
  },
};

async function runRound({ arena, library, random, tally, round }) {
  const file = `${arena.folder}/time`;
  let offset = 0;
  const jump = (seconds) => {
    offset = seconds;
    writeFileSync(file, `${offset >= 0 ? '+' : ''}${offset}s\n`);
    tally.count('clock-jumps', { jumps: 1 });
  };
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  for (let life = 0; life < 2; life += 1) {
    jump(0);
    const child = new Child({ env }).begin(arena.order({ seed: round, submits: mixedJobs(`l${life}`), spreadMs: 150, cancelShare: 0.3 }));
    await child.says('started');
    for (let n = 0; n < JUMPS_OF_A_PROCESS / 2; n += 1) {
      await delay(random() * 60);
      jump(JUMPS_S[Math.floor(random() * JUMPS_S.length)]);
    }
    child.kill('SIGKILL');
    const { code } = await child.exited;
    const audit = await arena.audit();
    const problems = code === null ? [] : [`the process ended with ${code}: ${child.complaints.slice(0, 500)}`];
    tally.checkAudit(`round ${round}, life ${life}`, { ...audit, violations: [...problems, ...audit.violations] });
    tally.count('clock-jumps', { kills: 1 });
  }
  // What was put off until a moment of the fast clock is due when the clock gets there.
  jump(10 * YEAR_S + HOUR_S);
  const last = await arena.drain(round, { env });
  tally.checkAudit(`round ${round}, at the end`, last);
  tally.count('clock-jumps', last.counts);
  arena.remove();
}
