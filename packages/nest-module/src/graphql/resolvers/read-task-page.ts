import type { TaskFilter, TaskOrder, TaskView } from '@taskloom/core';

import type { VisiblePage } from '../../access/guarded-reader.js';
import type { ApiContext } from '../api-context.js';
import type { PageArgs } from '../args/page.args.js';
import { pageSize } from '../page-size.js';
import { present } from '../present.js';
import { toConnection, type Connection } from '../types/connection.js';
import { Task } from '../types/task.type.js';

/** A page of tasks. `readFirst` reads the first page where it can be read together with those of other objects. */
export async function readTaskPage(
  { engine, budget, loaders }: ApiContext,
  filter: TaskFilter,
  { first, after, order }: PageArgs & { readonly order?: TaskOrder | null },
  readFirst?: (size: number) => Promise<VisiblePage<TaskView>>,
): Promise<Connection<Task>> {
  const size = pageSize(first, 50, { cursor: 'after' });
  const page = await (readFirst && (after === undefined || after === null)
    ? readFirst(size)
    : engine.reader.tasks(filter, { first: size, ...present({ after, order }) }));
  budget.take(page.items.length);
  loaders.remember(page.items);
  return toConnection(
    page,
    (view) => new Task(view, 'preview'),
    after,
    () => engine.reader.countTasks(filter),
  );
}
