const JOB = 'id name workflow status success progress error { code message } lastSeq createdAt startedAt finishedAt';
const TASK =
  'id jobId key name type agent status statusReason statusMessage progress progressMessage summary error { code message } parent { id } startedAt finishedAt';

/** What the client's own methods send. A test checks them against schema.graphql. */
export const DOCUMENTS = {
  startWorkflow: `mutation StartWorkflow($name: String!, $input: JSON!, $options: JobOptionsInput) { startWorkflow(name: $name, input: $input, options: $options) { ${JOB} } }`,
  submitJob: `mutation SubmitJob($job: SubmitJobInput!) { submitJob(job: $job) { ${JOB} } }`,
  cancelJob: `mutation CancelJob($id: ID!, $reason: String) { cancelJob(id: $id, reason: $reason) { ${JOB} } }`,
  retryJob: `mutation RetryJob($id: ID!, $tasks: [ID!], $reason: String) { retryJob(id: $id, tasks: $tasks, reason: $reason) { ${JOB} } }`,
  job: `query Job($id: ID!) { job(id: $id) { ${JOB} } }`,
  jobOutput: `query JobOutput($id: ID!) { job(id: $id) { output } }`,
  jobEvents: `subscription JobEvents($jobId: ID!, $afterSeq: Int, $types: [EventType!], $taskId: ID, $subtree: Boolean) { jobEvents(jobId: $jobId, afterSeq: $afterSeq, types: $types, taskId: $taskId, subtree: $subtree) { jobId seq type taskId taskKey at actor data } }`,
  jobUpdated: `subscription JobUpdated($jobId: ID) { jobUpdated(jobId: $jobId) { ${JOB} } }`,
  taskUpdated: `subscription TaskUpdated($jobId: ID!, $taskId: ID, $subtree: Boolean) { taskUpdated(jobId: $jobId, taskId: $taskId, subtree: $subtree) { ${TASK} } }`,
} as const;
