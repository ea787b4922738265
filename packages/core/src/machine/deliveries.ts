import type { DeliveryLine, JobState } from './job-state.js';

export function deliveryLine({ deliveries }: JobState, topic: string, agent: string): DeliveryLine | undefined {
  return deliveries.get(lineOf(topic, agent));
}

/** Takes note of a task that joins the job. */
export function noteDelivery(state: JobState, { no, origin, originKey, agent }: JoiningTask): void {
  if (origin !== 'delivery') return;
  const line = lineOf(originKey ?? '', agent ?? '');
  state.deliveries.set(line, { last: no, count: (state.deliveries.get(line)?.count ?? 0) + 1 });
}

type JoiningTask = Pick<JobState['tasks'][number], 'no' | 'origin' | 'originKey' | 'agent'>;

/** Names have no space in them. */
function lineOf(topic: string, agent: string): string {
  return `${topic} ${agent}`;
}
