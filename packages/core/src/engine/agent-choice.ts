import { taskIdOf } from '../kernel/ids.js';
import { AGENT_CHOICES, type AgentChoice } from '../model/agent-choice.js';
import type { TaskView } from '../model/views.js';
import type { StoreReader, TaskAddress } from '../ports/reader.js';

/** How a task came to its agent. */
export interface AgentChoiceView {
  /** The agent; `null` for a task that stands for its children. */
  readonly name: string | null;
  readonly by: AgentChoice;
  /** `by` as a sentence. */
  readonly message: string;
  /** What was asked for where that is no name of the agent: a capability, `*`, another name, a topic. */
  readonly wanted: string | null;
  /** Id of the task that routes to this one where it fails. */
  readonly standsInFor: string | null;
}

const READ_AT_ONCE = 1_000;

/** Which task each of the given ones stands in for, as ids; `null` for none. */
export async function readFallbacks(
  tasks: readonly (TaskView | null)[],
  reader: Pick<StoreReader, 'tasksAt'>,
): Promise<(task: TaskView) => string | null> {
  const standsInFor = new Map<string, string>();
  // Where it routes to, a task has an edge.
  const sources = tasks.flatMap((task) => (task ? sourcesOf(task) : []));
  for (let from = 0; from < sources.length; from += READ_AT_ONCE) {
    for (const source of await reader.tasksAt(sources.slice(from, from + READ_AT_ONCE)))
      if (source?.recovery?.kind === 'route-to') standsInFor.set(taskIdOf(source.jobId, source.recovery.task), source.id);
  }
  return ({ id }) => standsInFor.get(id) ?? null;
}

function sourcesOf({ jobId, dependencies }: TaskView): TaskAddress[] {
  return dependencies.filter(({ mode }) => mode === 'failed').map(({ on: no }) => ({ jobId, no }));
}

export function agentChoiceOf(task: TaskView, standsInFor: string | null): AgentChoiceView {
  const { agent: name, routed, topic } = task;
  const by = choiceOf(task);
  const wanted = routed?.wanted ?? topic;
  return { name, by, message: AGENT_CHOICES[by], wanted, standsInFor };
}

function choiceOf({ agent, routed, origin }: TaskView): AgentChoice {
  if (agent === null) return 'NONE';
  if (agent.startsWith('$')) return 'ENGINE';
  if (routed) return routed.by;
  if (origin === 'delivery') return 'SUBSCRIPTION';
  return origin === 'review' ? 'REVIEWER' : 'NAME';
}
