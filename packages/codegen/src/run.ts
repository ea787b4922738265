// How tools run the generator: nothing here loads the compiler before there is work for it.
export type { Diagnostic } from './diagnostics/diagnostic.js';
export { diagnostic, GeneratorError, sortDiagnostics } from './diagnostics/diagnostic.js';
export { formatDiagnostics, shortPath } from './diagnostics/format-diagnostics.js';
export { DOCS_PAGE_PATH } from './emitter/docs/docs-page-path.js';
export { DEFAULT_OPTIONS } from './generate/options.js';
export {
  openRunner,
  rememberedRun,
  runGenerator,
  type RunKey,
  type Runner,
  type RunOptions,
  type RunReport,
} from './generate/run-generator.js';
export type { OutputDifference } from './output/compare-files.js';
export { writeFolder } from './output/write-folder.js';
export { pathMatcher } from './output/path-matcher.js';
export { EMITTER_NAMES, isEmitterName, type EmitterName } from './plugin/emitter-names.js';
