import { SetupError } from './setup-error.mjs';

/** Ends the process with an explained failure; anything unforeseen keeps its stack. */
export function exitWith(error) {
  if (!(error instanceof SetupError)) throw error;
  if (error.output.trim()) console.error(`\n${error.output.trim()}`);
  console.error([`\n✗ ${error.message}`, ...error.remedy.map((line) => `  ${line}`)].join('\n'));
  process.exit(1);
}
