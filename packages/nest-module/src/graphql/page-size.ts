import { TaskloomError } from '@taskloom/core';

export const MAX_PAGE = 100;
export const MAX_EVENTS = 1_000;
/** Of the tasks in a job's report, which has no pages. */
export const MAX_REPORT = 1_000;

/**
 * Checks how many items were asked for. `cursor`: the argument by which one reads on, where there is one.
 *
 * @throws TaskloomError `PAGE_SIZE`
 */
export function pageSize(
  first: number | null | undefined,
  standard: number,
  { max = MAX_PAGE, cursor }: { readonly max?: number; readonly cursor?: 'after' | 'afterSeq' } = {},
): number {
  const size = first ?? standard;
  if (!Number.isInteger(size) || size < 1 || size > max) {
    throw new TaskloomError('PAGE_SIZE', `\`first\` is ${size}; it must be from 1 to ${max}.`, {
      details: { first: size, min: 1, max },
      remedy: `Ask for 1 to ${max} items${cursor === undefined ? '' : `, and for more with \`${cursor}\``}.`,
    });
  }
  return size;
}
