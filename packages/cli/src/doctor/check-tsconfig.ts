import { existsSync } from 'node:fs';

import { failure, ok, warning, type CheckResult } from './check.js';

/** Whether a project compiles decorators the way NestJS needs. */
export async function checkTsconfig(path: string): Promise<CheckResult> {
  if (!existsSync(path)) return failure(`There is no ${path}.`, 'Name the project with --project, or in taskloom.config.ts.');
  const { ts } = await import('ts-morph');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const { options, errors } = ts.getParsedCommandLineOfConfigFile(path, {}, host) ?? { options: {}, errors: [] };
  const [error] = errors.filter(({ code }) => code !== NO_INPUTS);
  if (error)
    return failure(ts.flattenDiagnosticMessageText(error.messageText, ' '), 'Correct the tsconfig until `tsc --noEmit` accepts it.');
  const missing = (['experimentalDecorators', 'emitDecoratorMetadata'] as const).filter((flag) => options[flag] !== true);
  if (missing.length > 0)
    return failure(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not on; NestJS injects nothing without ${missing.length === 1 ? 'it' : 'them'}.`,
      `Set ${missing.map((flag) => `"${flag}": true`).join(', ')} in the tsconfig.`,
    );
  if (options.strict === false)
    return warning('`strict` is off: types that may be null look as if they never were.', 'Set "strict": true in the tsconfig.');
  return ok('The tsconfig has what decorators need.');
}

/** TypeScript says so when `include` matches nothing. */
const NO_INPUTS = 18_003;
