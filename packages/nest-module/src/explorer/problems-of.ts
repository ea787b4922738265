import { ConfigError, isTaskloomError } from '@taskloom/core';

/** What an error says is wrong, one entry for each thing, with its place where it does not name that itself. */
export function problemsOf(error: unknown, place = ''): readonly string[] {
  const placed = (problem: string): string => (problem.includes(place) ? problem : `${problem} (${place})`);
  if (error instanceof ConfigError) return error.problems.map(placed);
  if (isTaskloomError(error)) return [placed(`${error.message} ${error.remedy}`)];
  throw error;
}
