import { isPlainRow, type JobState, type TaskState } from '../machine/job-state.js';
import { noteWork } from '../machine/work.js';

/** The tasks whose rows the last events have changed, in order; they are no longer noted as such. */
export function takeTouched(state: JobState): TaskState[] {
  const touched: TaskState[] = [];
  state.touched.forEach((no) => touched.push(state.tasks[no]!));
  touched.sort((a, b) => a.no - b.no);
  state.touched.clear();
  // What has changed once is written from then on: it may have changed back since the last write.
  for (const task of touched) {
    task.isPlain = task.isPlain && isPlainRow(task);
    noteWork(state, task);
  }
  return touched;
}
