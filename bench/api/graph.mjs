/** What is asked and watched: the same texts for every server. */
export const JOB = `query ($id: ID!) { job(id: $id) { id name status progress tasks(first: 100) { nodes { id key name type status agent attempt progress createdAt startedAt finishedAt } pageInfo { hasNextPage endCursor } } } }`;
export const TASKS = `query ($id: ID!) { tasks(filter: { jobId: $id }, first: 100) { nodes { id key name type status agent attempt progress createdAt startedAt finishedAt output } pageInfo { hasNextPage endCursor } } }`;
export const EVENTS = `subscription ($id: ID!) { jobEvents(jobId: $id, afterSeq: 0) { seq type taskId taskKey at actor data } }`;

/** A job of so many tasks, each with one or two dependencies among the ones before it. */
export function layered(count) {
  return Array.from({ length: count }, (_, no) => ({
    key: `t${no}`,
    agent: 'work',
    input: { no },
    ...(no < 50 ? {} : { dependsOn: [`t${no - 50}`, ...(no % 3 === 0 ? [`t${no - 17}`] : [])] }),
  }));
}
