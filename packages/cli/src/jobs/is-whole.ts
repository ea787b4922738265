import { hasEnded, type TreeTask } from '@taskloom/terminal';

/**
 * Whether tasks, which are told one by one, stand as they stood together at one time: what others are below ends with the
 * last of them, and when the root has ended the streams are about to end and the rest is on its way.
 */
export function isWhole(tasks: ReadonlyMap<string, TreeTask>): boolean {
  return [...tasks.values()].every((task) => {
    if (task.parentId === null) return !hasEnded(task);
    const parent = tasks.get(task.parentId);
    return hasEnded(task) || parent === undefined || !hasEnded(parent);
  });
}
