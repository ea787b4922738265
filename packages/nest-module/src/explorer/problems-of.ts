import { ConfigError, isTaskloomError } from '@taskloom/core';

/** What an error says is wrong with a class, one entry for each thing. */
export function problemsOf(error: unknown, className: string): readonly string[] {
  if (error instanceof ConfigError) return error.problems.map((problem) => `${problem} (class ${className})`);
  if (isTaskloomError(error)) return [`${error.message} ${error.remedy} (class ${className})`];
  throw error;
}
