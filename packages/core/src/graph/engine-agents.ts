/**
 * Names of the engine's own agents. They begin with `$`, which no user's agent can, take no slot of any limit and have
 * no timeout.
 */
export const AGENTS_OF_THE_ENGINE = {
  /** Repeats a task for each item of a list. */
  map: '$map',
  /** Gathers the job's output from its tasks' outputs. */
  output: '$output',
  /** Completes a task that stands for its children. */
  rollUp: '$roll-up',
} as const;
