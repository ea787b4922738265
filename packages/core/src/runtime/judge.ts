import type { Verdict } from '../model/command.js';

/** Asks an agent's own predicate about its output. What it throws fails the attempt, as the agent's own errors do. */
export async function judge(predicate: (output: never, input: never) => unknown, output: unknown, input: unknown): Promise<Verdict> {
  const said = await predicate(output as never, input as never);
  return typeof said === 'string' ? { accepted: false, feedback: said } : { accepted: said === true, feedback: null };
}
