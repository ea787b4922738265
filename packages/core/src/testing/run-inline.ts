import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import { createEngine } from '../engine/engine.js';
import type { EngineOptions } from '../engine/options.js';
import { serializeError, type StoredError } from '../errors/serialize-error.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Json } from '../kernel/json.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import type { JobSubmission } from '../model/submission.js';
import type { JobView, TaskView } from '../model/views.js';
import { VirtualClock } from './virtual-clock.js';
import { watchPrototypes } from './watch-prototypes.js';

export interface InlineRun {
  /** Everything that may run. */
  readonly definitions: readonly (AgentDefinition | WorkflowDefinition)[];
  /** A workflow by definition or name, with its input … */
  readonly workflow?: WorkflowDefinition | string;
  readonly input?: Json;
  readonly options?: JobOptions;
  /** … or an explicit graph. */
  readonly job?: JobSubmission;
  /** Beside the clock and the store, which are the run's own. */
  readonly engine?: Omit<EngineOptions, 'clock' | 'store'>;
}

export interface InlineResult {
  readonly job: JobView;
  /** By key. */
  readonly tasks: ReadonlyMap<string, TaskView>;
  /** Outputs by key; tasks without one are left out. */
  readonly outputs: ReadonlyMap<string, Json>;
  readonly events: readonly EventView[];
  /** The job's output; `undefined` where it did not complete. */
  readonly output: Json | undefined;
  readonly error: StoredError | null;
  /** Milliseconds of virtual time that the job took. */
  readonly tookMs: number;
}

/**
 * Runs a job to its end in virtual time, with a store that is gone afterwards: a workflow of three days takes as long as its
 * agents' own code. A job that waits for a person or for code never ends; give it a `timeLimit`.
 *
 * @throws TaskloomError `PROTOTYPE_CHANGED` where an agent or a plugin has changed a prototype of the language
 */
export async function runInline({
  definitions,
  workflow,
  input = null,
  options = {},
  job,
  engine: more = {},
}: InlineRun): Promise<InlineResult> {
  const changedPrototypes = watchPrototypes();
  const clock = new VirtualClock();
  const engine = createEngine({ ...more, clock, store: { path: ':memory:', synchronous: 'NORMAL' } });
  engine.register(...definitions);
  await engine.start();
  try {
    const startedAt = clock.now();
    const handle = job ? await engine.submitJob(job) : await engine.startWorkflow(workflow ?? '', input, options);
    let output: Json | undefined;
    let thrown: unknown = null;
    try {
      output = (await clock.runUntil(handle.result())) as Json;
    } catch (error) {
      thrown = error;
    }
    const view = await handle.status();
    const { tasks, outputs } = await readTasks(engine.reader, handle.id);
    const events: EventView[] = [];
    for (
      let page = await engine.reader.events(handle.id, 0, PAGE_OF_EVENTS);
      page.length > 0;
      page = await engine.reader.events(handle.id, events.length, PAGE_OF_EVENTS)
    )
      events.push(...page);
    const [changed, ...others] = changedPrototypes();
    if (changed !== undefined)
      throw new TaskloomError(
        'PROTOTYPE_CHANGED',
        `While the job ran, ${[changed, ...others.slice(0, 9)].join(', ')} ${others.length === 0 ? 'was' : 'were'} changed.`,
        { details: { changed: [changed, ...others] } },
      );
    const error = thrown === null ? null : (view.error ?? serializeError(thrown));
    return { job: view, tasks, outputs, events, output, error, tookMs: clock.now() - startedAt };
  } finally {
    await clock.runUntil(engine.stop());
  }
}

const PAGE_OF_EVENTS = 1_000;
const PAGE_OF_TASKS = 100;
const WHOLE = Number.MAX_SAFE_INTEGER;

async function readTasks(
  reader: ReturnType<typeof createEngine>['reader'],
  jobId: string,
): Promise<{ tasks: Map<string, TaskView>; outputs: Map<string, Json> }> {
  const tasks = new Map<string, TaskView>();
  const outputs = new Map<string, Json>();
  let after: string | undefined;
  do {
    const page = await reader.tasks({ jobId }, { first: PAGE_OF_TASKS, ...(after === undefined ? undefined : { after }) });
    const texts = await reader.taskOutputs(page.items, WHOLE);
    page.items.forEach((task, index) => {
      tasks.set(task.key, task);
      const text = texts[index];
      if (text) outputs.set(task.key, text.value);
    });
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
  return { tasks, outputs };
}
