import { Flow, type PlacedTask, type TaskSubmission } from '@taskloom/core';
import { compileFlow } from '@taskloom/core/internal';

import { lastSeen } from './generated/taskloom.generated.js';

type Seen = PlacedTask<{ at: string | null; birds: string[]; total: string }>;

/** What follows from what a builder is called with, and from where its task is put. */
type Given = 'agent' | 'input' | 'refs' | 'type' | 'parent' | 'map';
/** Options that stand under `overrides`, where `resources` stand, too. */
type Overrides = NonNullable<TaskSubmission['overrides']>;
type Option = Exclude<keyof TaskSubmission, Given | 'overrides' | 'resources'> | keyof Overrides;

/** Every option that a task can have, as builders say it. An option that core gains is missing here until they can. */
const OPTIONS: { readonly [Name in Option]-?: (task: Seen, other: Seen) => Seen } = {
  key: (task) => task.named('another'),
  name: (task) => task.describedAs('Another'),
  description: (task) => task.describedAs('Another', 'Looks again'),
  kind: (task) => task.ofKind('look'),
  assignee: (task) => task.assignedTo('team:birds'),
  acceptanceCriteria: (task) => task.acceptedWhen('it is recent'),
  dependsOn: (task, other) => task.after(other, 'settled'),
  when: (task, other) => task.when(other.out.at),
  priority: (task) => task.priority(8),
  weight: (task) => task.weight(3),
  failureStrategy: (task) => task.onFailure('skip'),
  durability: (task) => task.atMostOnce(),
  deadline: (task) => task.deadline('2030-01-01T00:00:00Z'),
  runAt: (task) => task.runAt('2029-01-01T00:00:00Z'),
  review: (task) => task.review({ by: 'manual', maxRejections: 2 }),
  useValue: (task) => task.useValue({ at: null, birds: [], total: '0' }),
  routeTo: (task, other) => task.routeTo(other),
  metadata: (task) => task.withMetadata({ by: 'hand' }),
  retry: (task) => task.retry({ maxAttempts: 3 }),
  timeoutMs: (task) => task.timeout('10s'),
  idleTimeoutMs: (task) => task.idleTimeout('5s'),
  resources: (task) => task.resources({ memoryMb: 600 }),
  limits: (task) => task.limits('disk'),
  concurrencyKey: (task) => task.concurrencyKey('owl'),
  exclusive: (task) => task.exclusive(),
};

const said = Object.entries(OPTIONS).map(([name, say]) => {
  const flow = new Flow();
  const other = flow.add(lastSeen({ sightings: [] }).named('other'));
  say(flow.add(lastSeen({ sightings: [] })), other);
  const { overrides, ...submission } = compileFlow(flow, undefined, String).tasks[1]!;
  const task: { readonly [option: string]: unknown } = { ...submission, ...overrides };
  return [name, task[name] ?? 'nothing came of it'];
});
console.log(JSON.stringify(Object.fromEntries(said)));
