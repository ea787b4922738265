import { TaskloomError } from './taskloom-error.js';

/** Several things are wrong with options or definitions; all of them are listed, so that one start shows them all. */
export class ConfigError extends TaskloomError {
  constructor(readonly problems: readonly string[]) {
    super(
      'CONFIG_INVALID',
      problems.length === 1 ? problems[0]! : `${problems.length} problems:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
      {
        details: { problems: [...problems] },
      },
    );
  }
}
