import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describeReport } from '../generate/describe-report.js';
import { runForProject } from '../generate/run-for-project.js';
import type { ExitCode, Terminal } from '../terminal/terminal.js';
import type { NewPlan } from './plan-new.js';

/** Writes what was planned, generates, and says so; or only says what would be done. */
export async function carryOut({ files, remark, agentNames }: NewPlan, isDry: boolean, terminal: Terminal): Promise<ExitCode> {
  const { directory, out } = terminal;
  for (const { path, isNew, text } of files) {
    if (!isDry) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const [will, did] = isNew ? ['would write ', 'written'] : ['would change', 'changed'];
    out(`${isDry ? will : did}  ${path}\n`);
  }
  if (remark !== null) out(`${remark}\n`);
  if (agentNames.length > 0) out(`Agents that it can use: ${agentNames.join(', ')}\n`);
  if (isDry) out('Nothing was changed.\n');
  else out(`${describeReport(await runForProject({}, terminal), directory)}\n`);
  return 0;
}
