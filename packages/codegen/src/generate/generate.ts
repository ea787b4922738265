import { writeFiles } from '../output/write-files.js';
import { GeneratorSession, type GenerateResult } from './generator-session.js';
import type { GenerateOptions } from './options.js';

/**
 * Reads a project and writes what is generated from it, only where it changed.
 *
 * @throws GeneratorError with everything that is wrong; nothing is written then
 */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const result = await check(options);
  writeFiles(result.outDir, result.files, result.difference);
  return result;
}

/**
 * Like {@link generate}, but only compares.
 *
 * @throws GeneratorError with everything that is wrong in the sources; a difference is no error here
 */
export async function check(options: GenerateOptions = {}): Promise<GenerateResult> {
  return new GeneratorSession(options).check();
}
