import type { TaskView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';

const PAGE = 100;

/** The first tasks of a job in the order of their numbers. */
export async function readJobTasks(reader: StoreReader, jobId: string, atMost: number): Promise<TaskView[]> {
  const tasks: TaskView[] = [];
  let after: string | undefined;
  do {
    const first = Math.min(PAGE, atMost - tasks.length);
    const page = await reader.tasks({ jobId }, { first, ...(after === undefined ? undefined : { after }) });
    tasks.push(...page.items);
    after = page.hasNextPage ? page.cursors[page.cursors.length - 1] : undefined;
  } while (after !== undefined && tasks.length < atMost);
  return tasks;
}
