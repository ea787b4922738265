import type { TaskView } from '../model/views.js';
import type { EngineReader } from '../ports/reader.js';
import type { Registry } from '../runtime/registry.js';

/** The store's reader, with what a task has from its agent (attempts, timeouts, resources) filled in where the task sets nothing. */
export function readerWithDefaults(reader: () => EngineReader, registry: Registry, defaultTimeoutMs: number): EngineReader {
  const complete = (task: TaskView): TaskView => {
    const agent = task.agent === null ? undefined : registry.agent(task.agent);
    if (!agent) return task;
    return {
      ...task,
      maxAttempts: task.maxAttempts ?? agent.retry.maxAttempts,
      resources: task.resources ?? agent.resources,
      timeoutMs: task.timeoutMs ?? agent.timeoutMs ?? defaultTimeoutMs,
      idleTimeoutMs: task.idleTimeoutMs ?? agent.idleTimeoutMs,
    };
  };
  const completeOrNull = (task: TaskView | null): TaskView | null => (task ? complete(task) : null);
  return {
    job: async (id) => reader().job(id),
    jobsAt: async (ids) => reader().jobsAt(ids),
    jobs: async (filter, page) => reader().jobs(filter, page),
    countJobs: async (filter) => reader().countJobs(filter),
    jobCounts: async (filter) => reader().jobCounts(filter),
    task: async (id) => completeOrNull(await reader().task(id)),
    tasks: async (filter, page) => {
      const found = await reader().tasks(filter, page);
      return { ...found, items: found.items.map(complete) };
    },
    countTasks: async (filter) => reader().countTasks(filter),
    taskCounts: async (filter) => reader().taskCounts(filter),
    childrenOf: async (parents, first) =>
      (await reader().childrenOf(parents, first)).map((page) => ({ ...page, items: page.items.map(complete) })),
    tasksAt: async (addresses) => (await reader().tasksAt(addresses)).map(completeOrNull),
    dependentsOf: async (addresses) => reader().dependentsOf(addresses),
    taskInputs: async (addresses, maxBytes) => reader().taskInputs(addresses, maxBytes),
    taskOutputs: async (addresses, maxBytes) => reader().taskOutputs(addresses, maxBytes),
    jobInputs: async (ids, maxBytes) => reader().jobInputs(ids, maxBytes),
    jobInput: async (id, maxBytes) => reader().jobInput(id, maxBytes),
    jobOutput: async (id, maxBytes) => reader().jobOutput(id, maxBytes),
    openWork: async () => reader().openWork(),
    jobCosts: async (ids) => reader().jobCosts(ids),
    taskCosts: async (addresses) => reader().taskCosts(addresses),
    humanRequest: async (id) => reader().humanRequest(id),
    humanRequests: async (filter, page) => reader().humanRequests(filter, page),
    expiredJob: async (id) => reader().expiredJob(id),
    events: async (jobId, afterSeq, first) => reader().events(jobId, afterSeq, first),
    taskHistory: async (address) => reader().taskHistory(address),
    taskHistories: async (addresses, first) => reader().taskHistories(addresses, first),
  };
}
