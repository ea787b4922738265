import { shortPath, sortDiagnostics, type Diagnostic, type RunReport } from '@taskloom/codegen/run';

import { count } from '../terminal/count.js';

/** `2 agents and 1 workflow: 3 files written in src/generated`. */
export function describeReport({ agents, workflows, files, difference, outDir }: RunReport, from: string): string {
  const written = difference.missing.length + difference.changed.length;
  const removed = difference.orphaned.length > 0 ? `, ${count(difference.orphaned.length, 'file')} removed` : '';
  const did = written === 0 && removed === '' ? `${count(files, 'file')} up to date` : `${count(written, 'file')} written${removed}`;
  return `${count(agents, 'agent')} and ${count(workflows, 'workflow')}: ${did} in ${shortPath(outDir, from)}`;
}

/** How each file differs and where it lies, one line each. */
export function staleFiles({ difference: { missing, changed, orphaned }, outDir }: RunReport, from: string): string[] {
  const list = (what: string, paths: readonly string[]): string[] =>
    paths.map((path) => `${what}  ${shortPath(`${outDir}/${path}`, from)}`);
  return [...list('missing ', missing), ...list('changed ', changed), ...list('orphaned', orphaned)];
}

/** The same for programs. Paths are relative to `outDir`. */
export function reportAsJson({ agents, workflows, files, difference, outDir, warnings }: RunReport, isStale: boolean): object {
  return {
    ok: !isStale,
    agents,
    workflows,
    files,
    outDir,
    ...difference,
    warnings: warnings.map(diagnosticAsJson),
  };
}

/** Mistakes in the sources, for programs. Files are absolute. */
export function errorsAsJson(errors: readonly Diagnostic[]): object {
  return { ok: false, errors: sortDiagnostics(errors).map(diagnosticAsJson) };
}

function diagnosticAsJson({ code, message, remedy, place }: Diagnostic): object {
  return { code, message, remedy, file: place?.file ?? null, line: place?.line ?? null, column: place?.column ?? null };
}
