export { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostics/diagnostic-codes.js';
export { GeneratorError, sortDiagnostics, type Diagnostic, type Severity, type SourcePlace } from './diagnostics/diagnostic.js';
export { formatDiagnostics, type FormatOptions } from './diagnostics/format-diagnostics.js';
export { check, generate, type GenerateResult } from './generate/generate.js';
export type { GenerateOptions } from './generate/options.js';
export type { CliStreams, ExitCode } from './generate/cli-streams.js';
export { runCli } from './generate/run-cli.js';
