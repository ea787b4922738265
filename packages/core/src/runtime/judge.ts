import { cutText } from '../context/cut-text.js';
import type { Verdict } from '../model/command.js';

const FEEDBACK_CHARS = 4_000;

/** Asks an agent's own predicate about its output. What it throws fails the attempt, as the agent's own errors do. */
export async function judge(predicate: (output: never, input: never) => unknown, output: unknown, input: unknown): Promise<Verdict> {
  const said = await predicate(output as never, input as never);
  const feedback = typeof said === 'string' ? cutText(said.trim().toWellFormed(), FEEDBACK_CHARS) : '';
  return { accepted: said === true, feedback: feedback || null };
}
