import { ts } from 'ts-morph';

import type { SourceProject } from '../source-project.js';

/** Whether Node should load a file as an ES module or as CommonJS, by the project's own rules. */
export function formatOf(path: string, project: SourceProject): 'module' | 'commonjs' {
  const { module } = project.options;
  if (module !== undefined && module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext) {
    const implied = ts.getImpliedNodeFormatForFile(path, undefined, ts.sys, project.options);
    return implied === ts.ModuleKind.CommonJS ? 'commonjs' : 'module';
  }
  if (path.endsWith('.cts')) return 'commonjs';
  return module === ts.ModuleKind.CommonJS && !path.endsWith('.mts') ? 'commonjs' : 'module';
}

/** A file to be turned into JavaScript. */
export interface Transpilable {
  readonly path: string;
  readonly text: string;
  readonly format: 'module' | 'commonjs';
}

/**
 * The JavaScript of files, each without a look at its types or at other files. Decorators stay; the constructor types they
 * would record are left out, because nothing is injected where this runs and because they would keep imports that exist only
 * as types.
 *
 * @returns by path
 */
export function transpile(files: readonly Transpilable[], options: ts.CompilerOptions): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const format of ['module', 'commonjs'] as const) {
    const some = files.filter((file) => file.format === format);
    if (some.length > 0) transpileAs(format, some, options, texts);
  }
  return texts;
}

/** As `ts.transpileModule` does for one file, whose options these are; a program for each file would take twice the time. */
function transpileAs(
  format: Transpilable['format'],
  files: readonly Transpilable[],
  given: ts.CompilerOptions,
  into: Map<string, string>,
): void {
  const options: ts.CompilerOptions = {
    ...given,
    module: format === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    emitDecoratorMetadata: false,
    esModuleInterop: true,
    importHelpers: false,
    inlineSourceMap: true,
    isolatedModules: true,
    noResolve: true,
    noLib: true,
    noCheck: true,
    allowNonTsExtensions: true,
    suppressOutputPathCheck: true,
    ...ABSENT,
  };
  const sources = new Map(files.map(({ path, text }) => [path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)]));
  const host: ts.CompilerHost = {
    getSourceFile: (path) => sources.get(path),
    writeFile: () => {},
    getDefaultLibFileName: () => 'lib.d.ts',
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => '',
    getNewLine: () => '\n',
    fileExists: (path) => sources.has(path),
    readFile: () => '',
    directoryExists: () => true,
    getDirectories: () => [],
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  for (const [path, source] of sources) program.emit(source, (out, text) => /\.[cm]?jsx?$/.test(out) && into.set(path, text));
}

/** Options that say nothing of one file by itself, or would have it written elsewhere or not at all. */
const ABSENT: ts.CompilerOptions = Object.fromEntries(
  [
    'incremental composite tsBuildInfoFile declaration declarationMap declarationDir emitDeclarationOnly isolatedDeclarations',
    'sourceMap noEmit noEmitOnError out outFile outDir rootDir rootDirs paths lib types allowImportingTsExtensions',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, undefined]),
);
