import type { EmittedFile } from '../emitter/emitter.js';
import { compareFiles, type OutputDifference } from './compare-files.js';
import { writeFiles } from './write-files.js';

/** Brings a folder to the files it should hold, and says how it differed. */
export function writeFolder(folder: string, files: readonly EmittedFile[]): OutputDifference {
  const difference = compareFiles(folder, files);
  writeFiles(folder, files, difference);
  return difference;
}
