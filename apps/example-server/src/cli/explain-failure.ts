import { ReportError } from '../repository-report/report-error.js';
import { coloursFor } from '../terminal/colours.js';
import { oneLine } from '../terminal/one-line.js';
import { UsageError } from './parse-arguments.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/** What a person can mend is told in a sentence; anything else with its stack. Returns the exit code. */
export async function explainFailure(error: unknown, output: NodeJS.WriteStream): Promise<number> {
  const { red } = coloursFor(output);
  if (error instanceof UsageError) {
    output.write(`${red(oneLine(error.message))}\n\nnpm start -- --help shows what can be given.\n`);
    return WRONG_USAGE;
  }
  const sentence = error instanceof ReportError ? error.message : await sentenceOfEngine(error);
  if (sentence !== null) output.write(`${red(oneLine(sentence))}\n`);
  else output.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return FAILED;
}

async function sentenceOfEngine(error: unknown): Promise<string | null> {
  const { isTaskloomError } = await import('@taskloom/core');
  return isTaskloomError(error) ? `${error.message} ${error.remedy}` : null;
}
