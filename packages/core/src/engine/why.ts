import { TaskloomError } from '../errors/taskloom-error.js';
import { parseTaskId, requestIdOf, taskIdOf } from '../kernel/ids.js';
import type { Ledger } from '../ledger/ledger.js';
import { explainEnd, type LimitAnswer } from '../machine/explain.js';
import { isTerminalTask } from '../model/task.js';
import { WHY_CODES, type Why, type WhyCode } from '../model/why.js';
import type { StoreReader } from '../ports/reader.js';
import type { StoredStates } from './stored-states.js';

/** Why a task stands where it stands, for people and programs. */
export interface WhyView {
  readonly code: WhyCode;
  /** The code as a sentence. */
  readonly message: string;
  /** What moves the task on. */
  readonly remedy: string;
  /** Ids of the tasks that hold it back, or brought its end about: at most 20. */
  readonly blockers: readonly string[];
  /** The limit that has no room, for example `process`, `agent:<name>` or `pool:<name>`. */
  readonly limit: string | null;
  /** When it goes on by itself, in milliseconds since the epoch. */
  readonly until: number | null;
  /** Ids of the questions to people that it waits for. */
  readonly requests: readonly string[];
}

/** @throws TaskloomError `NOT_FOUND` */
export async function whyOf(
  id: string,
  ledger: Ledger,
  stored: StoredStates,
  reader: StoreReader,
  limitOf: (jobId: string, no: number) => LimitAnswer | null,
): Promise<WhyView> {
  const address = parseTaskId(id);
  const inMemory = address && ledger.explain(address.jobId, address.no, (no) => limitOf(address.jobId, no));
  if (address && inMemory) return toView(address.jobId, inMemory);
  const task = await reader.task(id);
  if (!address || !task) throw new TaskloomError('NOT_FOUND', `There is no task ${String(id).slice(0, 80)}.`);
  if (!isTerminalTask(task.status)) {
    const open = await stored.explain(address.jobId, address.no);
    if (open) return toView(address.jobId, open);
  }
  return toView(address.jobId, explainEnd(task.status, task.statusReason, task.causedBy ?? -1));
}

function toView(jobId: string, { code, blockers, limit, until, requests }: Why): WhyView {
  const { title: message, remedy } = WHY_CODES[code];
  return {
    code,
    message,
    remedy,
    blockers: blockers.map((no) => taskIdOf(jobId, no)),
    limit,
    until,
    requests: requests.map(({ request }) => requestIdOf(jobId, request)),
  };
}
