import { coloursFor, type Environment } from '../text/colours.js';
import { LiveView, type LiveTerminal } from './live-view.js';
import { PlainView } from './plain-view.js';
import type { View } from './view.js';

export interface ViewOptions {
  /** What says whether colours are wanted, and what the terminal can do: `process.env`. */
  readonly env: Environment;
  /** Whether a tree names the agent that runs a task. Default false. */
  readonly showAgents?: boolean;
}

/** A live tree on a terminal that can be drawn over, plain lines elsewhere. */
export function viewOn(output: LiveTerminal, { env, showAgents = false }: ViewOptions): View {
  const canBeDrawnOver = output.isTTY === true && env['TERM'] !== 'dumb';
  return canBeDrawnOver ? new LiveView(output, { colours: coloursFor(output, env), showAgents }) : new PlainView(output);
}
