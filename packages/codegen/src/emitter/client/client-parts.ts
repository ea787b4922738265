/* Parts of the generated client that are the same for every project. */

/** Types that the module has in any case; none of a workflow may be called that. */
export const CLIENT_TYPES = [
  'Answers',
  'FailureDecision',
  'HumanRequest',
  'HumanRequestKind',
  'JobEvent',
  'JobEventsOptions',
  'JobState',
  'Json',
  'StartArguments',
  'StartOptions',
  'StreamOptions',
  'TaskloomClient',
  'TaskScope',
  'TaskState',
  'Workflow',
  'WorkflowJob',
  'Workflows',
] as const;

export const CLIENT_PARTS = {
  imports: `import type {
  JobEvent,
  JobEventsOptions,
  JobState,
  Json,
  StartOptions,
  StreamOptions,
  TaskloomClient,
  TaskScope,
  TaskState,
} from '@taskloom/client';
`,
  body: `/** What a workflow is started with; its input may be left out where all of it may be. */
export type StartArguments<Input> = {} extends Input ? [input?: Input, options?: StartOptions] : [input: Input, options?: StartOptions];

/** One workflow. */
export interface Workflow<Input, Output> {
  readonly name: string;

  /** Starts a job; resolves when it is durable. @throws ApiResponseError \`INPUT_SCHEMA\`, \`IDEMPOTENCY_CONFLICT\` … */
  start(...given: StartArguments<Input>): Promise<WorkflowJob<Output>>;

  /** A job of this workflow, \`null\` where there is none with that id. */
  find(id: string): Promise<WorkflowJob<Output> | null>;
}

/** A job, to be watched, answered and ended. */
export interface WorkflowJob<Output> {
  readonly id: string;

  /** Its state now, \`null\` where it has been deleted. */
  state(): Promise<JobState | null>;

  /** Waits for its end. @throws ApiResponseError with the job's error, or \`JOB_FAILED\`, \`JOB_CANCELLED\` */
  result(options?: StreamOptions): Promise<Output>;

  /** Its state now, then after each change; ends with the job. */
  updates(options?: StreamOptions): AsyncGenerator<JobState, void>;

  /** Its events from the cursor on, in order, none left out, none twice; ends with the job. */
  events(options?: JobEventsOptions): AsyncGenerator<JobEvent, void>;

  /** The state of each of its tasks now, then of each that changed; ends with the job. */
  tasks(options?: StreamOptions & TaskScope): AsyncGenerator<TaskState, void>;

  /** The questions that wait for a person now, then each when it is asked and when it is closed; ends with the job. */
  humanRequests(options?: StreamOptions): AsyncGenerator<HumanRequest, void>;

  /**
   * Answers a question as it was read.
   *
   * @throws ApiResponseError \`INPUT_SCHEMA\` for an answer that does not fit, \`REQUEST_CLOSED\` after another answer,
   *   \`REQUEST_CHANGED\` where the question reads differently now
   */
  answer<Kind extends HumanRequestKind>(
    request: Pick<HumanRequest<Kind>, 'id' | 'kind' | 'requestHash'>,
    answer: Answers[Kind],
    options?: { readonly reason?: string },
  ): Promise<HumanRequest<Kind>>;

  cancel(options?: { readonly reason?: string }): Promise<JobState>;

  /** Runs again what failed, or the given tasks, and all that follows from them. */
  retry(options?: { readonly tasks?: readonly string[]; readonly reason?: string }): Promise<JobState>;
}

/** What a person is asked for: an answer, what to do about a failed task, or about results that contradict each other. */
export type HumanRequestKind = keyof Answers;

/** What each kind of question is answered with. */
export interface Answers {
  readonly QUESTION: Json;
  readonly FAILURE: FailureDecision;
  readonly CONFLICT: Json;
}

export type FailureDecision = { readonly decision: 'retry' | 'skip' | 'abort' } | { readonly decision: 'value'; readonly value: Json };

/** A durable question to a person. */
export interface HumanRequest<Kind extends HumanRequestKind = HumanRequestKind> {
  readonly id: string;
  readonly jobId: string;
  readonly taskId: string;
  readonly taskKey: string;
  readonly name: string;
  readonly kind: Kind;
  readonly question: string;
  /** What it is about. */
  readonly about: Readonly<Record<string, Json>> | null;
  /** JSON Schema of the answer; \`null\` for any JSON. */
  readonly answerSchema: Readonly<Record<string, Json>> | null;
  readonly requestHash: string;
  readonly status: 'OPEN' | 'ANSWERED' | 'EXPIRED' | 'WITHDRAWN';
  readonly answer: Json | null;
  readonly answeredBy: string | null;
  /** ISO 8601, as the other times. */
  readonly deadline: string | null;
  readonly createdAt: string;
  readonly closedAt: string | null;
}

const REQUEST =
  'id jobId taskId taskKey name kind question about answerSchema requestHash status answer answeredBy deadline createdAt closedAt';
const ANSWER = \`mutation Answer($id: ID!, $answer: JSON!, $requestHash: String, $reason: String) { answerHumanRequest(id: $id, answer: $answer, requestHash: $requestHash, reason: $reason) { \${REQUEST} } }\`;
const ASKED = \`subscription Asked($jobId: ID) { humanRequested(jobId: $jobId) { \${REQUEST} } }\`;

function workflow<Input, Output>(client: TaskloomClient, name: string): Workflow<Input, Output> {
  return {
    name,
    start: async (input: unknown = {}, options?: StartOptions) => job(client, (await client.startWorkflow(name, input as Json, options)).id),
    find: async (id) => {
      const found = await client.job(id);
      return found?.workflow === name ? job(client, id) : null;
    },
  };
}

function job<Output>(client: TaskloomClient, id: string): WorkflowJob<Output> {
  return {
    id,
    state: () => client.job(id),
    result: (options) => client.result<Output>(id, options),
    updates: (options) => client.jobUpdates(id, options),
    events: (options) => client.jobEvents(id, options),
    tasks: (options) => client.taskUpdates(id, options),
    humanRequests: async function* (options) {
      for await (const data of client.subscribe<{ humanRequested: HumanRequest }>(ASKED, { jobId: id }, options)) yield data.humanRequested;
    },
    answer: async <Kind extends HumanRequestKind>(
      request: Pick<HumanRequest<Kind>, 'id' | 'kind' | 'requestHash'>,
      answer: Answers[Kind],
      options?: { readonly reason?: string },
    ) => {
      const variables = { id: request.id, requestHash: request.requestHash, answer, ...options };
      return (await client.execute<{ answerHumanRequest: HumanRequest<Kind> }>(ANSWER, variables)).answerHumanRequest;
    },
    cancel: (options) => client.cancelJob(id, options),
    retry: (options) => client.retryJob(id, options),
  };
}
`,
} as const;
