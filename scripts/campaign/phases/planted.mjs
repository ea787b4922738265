import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arena } from '../arena.mjs';
import { Child } from '../child.mjs';
import { mixedJobs } from '../orders.mjs';
import { damages } from '../damages.mjs';

/** Damage that is done on purpose, one at a time: an audit that does not find it proves nothing by finding nothing. */
export const planted = {
  title: 'Plant damage that the audit must find',
  async run({ auditor, tally, progress }) {
    const arena = new Arena(auditor);
    try {
      const child = new Child().begin(arena.order({ seed: 1, submits: mixedJobs('a', { slow: 4 }), cancelShare: 1 }));
      await child.says('submitted');
      child.kill('SIGKILL');
      await child.exited;
      tally.check('before any damage is done', problemsOf(await arena.drain(1)));
      const all = Object.entries(damages);
      for (const [index, [name, damage]] of all.entries()) {
        const found = await auditDamaged(auditor, arena, damage);
        tally.check(`planted: ${name}`, found.length > 0 ? [] : ['the audit does not find it']);
        tally.count('planted', { found: Number(found.length > 0) });
        progress(index + 1, all.length);
      }
      tally.demand('planted', { found: all.length });
    } finally {
      arena.remove();
    }
  },
};

async function auditDamaged(auditor, { folder }, damage) {
  const copy = mkdtempSync(join(tmpdir(), 'taskloom-planted-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const arena = new Arena(auditor, { folder: copy });
    damage(arena);
    return problemsOf(await arena.audit());
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function problemsOf({ lost, doubled, violations }) {
  return [...lost, ...doubled, ...violations];
}
