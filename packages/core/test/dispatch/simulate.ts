import type { LocalDispatcherOptions } from '../../src/dispatch/local-dispatcher.js';
import type { AgentDemands } from '../../src/model/demands.js';
import type { ReadyTask } from '../../src/ports/dispatcher.js';
import { Bench } from './bench.js';

export interface Arrival {
  readonly at: number;
  readonly durationMs: number;
  readonly fields: Partial<ReadyTask>;
}

export interface Passage {
  readonly arrival: Arrival;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Runs tasks that come and take their time, in time that passes at once. Ends when everything that came has run. */
export function simulate(
  arrivals: readonly Arrival[],
  options: Partial<LocalDispatcherOptions>,
  agents: { readonly [name: string]: Partial<AgentDemands> } = {},
): Passage[] {
  const bench = new Bench(options, agents);
  const coming = [...arrivals].sort((a, b) => a.at - b.at);
  const arrivalOf = new Map<ReadyTask, Arrival>();
  const running: { readonly task: ReadyTask; readonly startedAt: number; readonly endsAt: number }[] = [];
  const passages: Passage[] = [];
  let arrived = 0;
  while (passages.length < coming.length) {
    const now = bench.clock.monotonic();
    for (; arrived < coming.length && coming[arrived]!.at <= now; arrived += 1) {
      const arrival = coming[arrived]!;
      arrivalOf.set(bench.offer(arrival.fields), arrival);
    }
    for (const task of bench.takeAll()) running.push({ task, startedAt: now, endsAt: now + arrivalOf.get(task)!.durationMs });
    const nextEnd = Math.min(...running.map(({ endsAt }) => endsAt));
    const next = Math.min(nextEnd, coming[arrived]?.at ?? Number.POSITIVE_INFINITY);
    if (next < Number.POSITIVE_INFINITY && !hasAlarmBefore(bench, next)) bench.clock.advance(next - now);
    else if (bench.clock.pending > 0) bench.clock.advance(1);
    else throw new Error(`Nothing runs, comes or is due, and ${coming.length - passages.length} tasks have not run.`);
    for (let index = running.length - 1; index >= 0; index -= 1) {
      const { task, startedAt, endsAt } = running[index]!;
      if (endsAt > bench.clock.monotonic()) continue;
      running.splice(index, 1);
      bench.release(task);
      passages.push({ arrival: arrivalOf.get(task)!, startedAt, endedAt: endsAt });
    }
  }
  return passages;
}

/** What a rate lets start must start then, not when the next task ends. */
function hasAlarmBefore(bench: Bench, until: number): boolean {
  return bench.clock.pending > 0 && until - bench.clock.monotonic() > 1;
}

/** The value below which 95 of 100 are. */
export function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]!;
}
