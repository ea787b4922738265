import { TaskloomError } from '../errors/taskloom-error.js';
import { parseTaskId, requestIdOf, taskIdOf } from '../kernel/ids.js';
import type { Ledger } from '../ledger/ledger.js';
import { explainEnd, type LimitAnswer } from '../machine/explain.js';
import { isTerminalTask } from '../model/task.js';
import type { TaskView } from '../model/views.js';
import { WHY_CODES, type Why, type WhyCode } from '../model/why.js';
import type { StoreReader, TaskAddress } from '../ports/reader.js';
import { agentChoiceOf, readFallbacks, type AgentChoiceView } from './agent-choice.js';
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
  /** Why its agent is the one that it is. */
  readonly agent: AgentChoiceView;
}

export interface WhySources {
  readonly ledger: Ledger;
  readonly stored: StoredStates;
  readonly reader: StoreReader;
  /** The limit that a task in line waits for, where tasks are run here. */
  readonly limitOf: (jobId: string, no: number) => LimitAnswer | null;
}

const MOST = 1_000;

/** In the order of the ids; `null` where there is no such task. Reads all tasks together. @throws TaskloomError `PAGE_SIZE` */
export async function whysOf(ids: readonly string[], sources: WhySources): Promise<readonly (WhyView | null)[]> {
  const { ledger, stored, reader, limitOf } = sources;
  if (ids.length > MOST) throw new TaskloomError('PAGE_SIZE', `${ids.length} were asked for at once; at most ${MOST} are given.`);
  const addresses = new Map<string, TaskAddress>();
  const inMemory = new Map<string, Why>();
  for (const id of ids) {
    const address = parseTaskId(id);
    if (!address) continue;
    addresses.set(id, address);
    const { jobId, no } = address;
    const why = ledger.explain(jobId, no, (waiting) => limitOf(jobId, waiting));
    if (why) inMemory.set(id, why);
  }
  const tasks = await reader.tasksAt([...addresses.values()]);
  const standsInFor = await readFallbacks(tasks, reader);
  const explain = async (task: TaskView): Promise<Why> => {
    const { jobId, no, status, statusReason, causedBy } = task;
    const open = isTerminalTask(status) ? null : await stored.explain(jobId, no);
    return open ?? explainEnd(status, statusReason, causedBy ?? -1);
  };
  const found = new Map<string, WhyView>();
  await Promise.all(
    [...addresses.keys()].map(async (id, index) => {
      const task = tasks[index];
      if (task) found.set(id, toView(task.jobId, inMemory.get(id) ?? (await explain(task)), agentChoiceOf(task, standsInFor(task))));
    }),
  );
  return ids.map((id) => found.get(id) ?? null);
}

function toView(jobId: string, { code, blockers, limit, until, requests }: Why, agent: AgentChoiceView): WhyView {
  const { title: message, remedy } = WHY_CODES[code];
  return {
    code,
    message,
    remedy,
    blockers: blockers.map((no) => taskIdOf(jobId, no)),
    limit,
    until,
    requests: requests.map(({ request }) => requestIdOf(jobId, request)),
    agent,
  };
}
