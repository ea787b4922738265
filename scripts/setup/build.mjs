import { turboBin } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/** Builds what has changed. Turbo knows what that is and needs a tenth of a second to find out. */
export async function build() {
  const { ok, output } = await run(process.execPath, [turboBin, 'run', 'build', '--output-logs=errors-only']);
  if (!ok) throw new SetupError('The build failed.', ['The message is above.'], output);
}
