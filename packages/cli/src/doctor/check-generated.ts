import { GeneratorError, type RunReport } from '@taskloom/codegen/run';

import { staleFiles } from '../generate/describe-report.js';
import { count } from '../terminal/count.js';
import { failure, ok, type CheckResult } from './check.js';

/** Whether generated files are what the sources say. */
export async function checkGenerated(run: () => Promise<RunReport>, from: string): Promise<CheckResult> {
  try {
    const report = await run();
    const stale = staleFiles(report, from);
    if (stale.length > 0)
      return failure(
        `${count(stale.length, 'generated file')} ${stale.length === 1 ? 'is' : 'are'} not what the sources say.`,
        'Run `npx taskloom generate`.',
      );
    return ok(
      `${count(report.files, 'generated file')} for ${count(report.agents, 'agent')} and ${count(report.workflows, 'workflow')}, all fresh`,
    );
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error;
    return failure(
      `The sources have ${count(error.diagnostics.length, 'error')}: ${error.diagnostics[0]!.message}`,
      'Run `npx taskloom generate` to see them all.',
    );
  }
}
