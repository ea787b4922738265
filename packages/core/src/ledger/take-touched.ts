import { isPlainRow, type JobState, type TaskState } from '../machine/job-state.js';
import { noteWork } from '../machine/work.js';

/** The tasks whose rows the last events have changed, in order; they are no longer noted as such. */
export function takeTouched(state: JobState): TaskState[] {
  const touched: TaskState[] = [];
  state.touched.forEach((no) => touched.push(state.tasks[no]!));
  touched.sort((a, b) => a.no - b.no);
  // A set that is emptied leaves its table behind, pointing to the next one: while the first of them is old, all of them stay.
  state.touched = new Set();
  // What has changed once is written from then on: it may have changed back since the last write.
  touched.forEach((task) => {
    task.isPlain = task.isPlain && isPlainRow(task);
    noteWork(state, task);
  });
  return touched;
}
