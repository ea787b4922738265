import type { TaskView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';

const PAGE = 100;
/** Most tasks that are looked up at once. */
const LOOK_UP = 1_000;

/**
 * The tasks within `depth` steps of one: along dependencies both ways, up to parents and down to children; at most
 * `atMost`, the nearest first. Only these are read, however large the job is. In the order of their numbers.
 */
export async function readNeighbourhood(reader: StoreReader, center: TaskView, depth: number, atMost: number): Promise<TaskView[]> {
  const { jobId } = center;
  const found = new Map<number, TaskView>([[center.no, center]]);
  let edge: TaskView[] = [center];
  for (let step = 0; step < depth && edge.length > 0 && found.size < atMost; step += 1) {
    const known = await childrenOf(reader, edge, atMost);
    const numbers = new Set(
      edge.flatMap(({ parent, dependencies }) => [...(parent === null ? [] : [parent]), ...dependencies.map(({ on }) => on)]),
    );
    for (const dependents of await inParts(edge, (part) => reader.dependentsOf(part))) for (const no of dependents) numbers.add(no);
    for (const { no } of known) numbers.delete(no);
    const addresses = [...numbers].filter((no) => !found.has(no)).map((no) => ({ jobId, no }));
    const others = await inParts(addresses, (part) => reader.tasksAt(part));

    edge = [];
    for (const task of [...others, ...known]) {
      if (!task || found.has(task.no) || found.size >= atMost) continue;
      found.set(task.no, task);
      edge.push(task);
    }
  }
  return [...found.values()].sort((a, b) => a.no - b.no);
}

async function childrenOf(reader: StoreReader, tasks: readonly TaskView[], atMost: number): Promise<TaskView[]> {
  const children: TaskView[] = [];
  for (const { id, jobId } of tasks) {
    let after: string | undefined;
    do {
      const page = await reader.tasks({ jobId, parentId: id }, { first: PAGE, ...(after === undefined ? undefined : { after }) });
      children.push(...page.items);
      after = page.hasNextPage && children.length < atMost ? page.cursors[page.cursors.length - 1] : undefined;
    } while (after !== undefined);
    if (children.length >= atMost) break;
  }
  return children;
}

async function inParts<Item, Result>(
  items: readonly Item[],
  read: (part: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += LOOK_UP) results.push(...(await read(items.slice(from, from + LOOK_UP))));
  return results;
}
