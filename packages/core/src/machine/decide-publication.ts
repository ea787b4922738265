import type { NewTask, Publish, Subscriber } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { PLAIN_TASK } from '../model/task.js';
import { currentAttempt } from './current-attempt.js';
import { deliveryLine } from './deliveries.js';
import type { GrowthLimits } from './growth-limits.js';
import type { JobState, TaskState } from './job-state.js';
import { addition, checkGrowth, checkNewEdges, numberTasks } from './new-tasks.js';

/**
 * The attempt publishes a message and goes on. Each subscriber that the job allows, but for the publisher itself, gets a task
 * below the objective: the job waits for it, its publisher does not. It waits for the subscriber's delivery before it on the
 * same topic, however that ends.
 *
 * @throws TaskloomError `DYNAMIC_LIMIT`
 */
export function decidePublish(state: JobState, command: Publish, limits: GrowthLimits, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const objective = state.tasks[0]!;
  const { name, value } = command;
  const subscribers = command.subscribers.filter(({ agent }) => agent !== task.agent && (state.allowedAgents?.has(agent) ?? true));
  checkGrowth(state, task, objective, subscribers.length, limits, true);
  const deliveries = subscribers.map((subscriber) => delivery(state, task, command, subscriber));
  const specs = numberTasks(state, objective, deliveries);
  checkNewEdges(state, task, specs, limits);
  return [
    { type: 'TASK_STEP_RECORDED', at, actor: 'agent', task: task.no, kind: 'publish', name, value, generation: task.generation },
    ...addition(task, specs, at),
  ];
}

function delivery(state: JobState, publisher: TaskState, { topic, message }: Publish, { agent, fact }: Subscriber): NewTask {
  const line = deliveryLine(state, topic, agent);
  const last = line && state.tasks[line.last]!;
  return {
    key: `${`${topic}.${agent}`.slice(-150)}.${(line?.count ?? 0) + 1}`,
    // What an earlier generation of the whole job had delivered counts no more.
    after: last && last.reason !== 'SUPERSEDED' ? [{ task: last.key, mode: 'settled' }] : [],
    spec: {
      ...PLAIN_TASK,
      ...fact,
      type: 'SUBTASK',
      agent,
      name: `${topic} to ${agent}`,
      priority: publisher.priority,
      // Who hears of something may fail without harm to who said it.
      strategy: 'continue',
      input: { value: message, refs: [] },
      origin: 'delivery',
      originKey: topic,
    },
  };
}
