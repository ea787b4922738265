import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { Project, ts, type ResolutionHost } from 'ts-morph';

import { diagnostic, GeneratorError, type Diagnostic, type SourcePlace } from '../diagnostics/diagnostic.js';
import type { SourceProject } from '../reader/source-project.js';
import { foldersIn } from './folders.js';
import { ModuleResolver } from './module-resolver.js';
import { readTsconfig, type ReadTsconfig } from './read-tsconfig.js';
import type { RunInputs } from './run-inputs.js';

/** Where ts-morph keeps the language's own declarations; they are in its package, not on disk. */
const BUNDLED_LIBRARY = '/node_modules/typescript/lib/';

/**
 * Opens a project from its tsconfig. Files in the output folder are not part of it: what is generated must not depend on
 * what was generated before.
 *
 * @throws GeneratorError `PROJECT_NOT_FOUND`, `PROJECT_INVALID`, `SYNTAX_ERROR`
 */
export function openProject(tsconfigPath: string, outDir: string): OpenedProject {
  const tsconfig = readTsconfig(tsconfigPath);
  const { options, fileNames } = tsconfig;
  const resolver = new ModuleResolver(tsconfig);
  const project = new Project({
    compilerOptions: options,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    // The compiler finds everything itself where nothing is referred to.
    ...(!resolver.referenced.isEmpty && {
      resolutionHost: (host): ResolutionHost => ({
        resolveModuleNames: (names, containing) => names.map((name) => resolver.resolve(name, containing, host)),
      }),
    }),
  });
  const outPrefix = `${outDir}/`;
  const paths = fileNames.filter((path) => !path.startsWith(outPrefix)).sort();
  for (const path of paths) project.addSourceFileAtPathIfExists(path);
  const opened = new OpenedProject(project, paths, { tsconfigPath, outDir, tsconfig, resolver });
  const syntaxErrors = opened.files.flatMap((file) => syntaxErrorsOf(file, opened));
  if (syntaxErrors.length > 0) throw new GeneratorError(syntaxErrors);
  return opened;
}

interface Origin {
  readonly tsconfigPath: string;
  readonly outDir: string;
  readonly tsconfig: ReadTsconfig;
  readonly resolver: ModuleResolver;
}

/** A project on ts-morph. */
export class OpenedProject implements SourceProject {
  readonly directory: string;
  readonly options: ts.CompilerOptions;
  private ownFiles: readonly ts.SourceFile[] | null = null;
  private readonly overlays = new Map<string, string>();
  private readonly resolutions = new Map<string, string | null>();
  private readonly dependencies = new Set<string>();
  private hasProgram = false;

  constructor(
    private readonly project: Project,
    private readonly paths: readonly string[],
    private readonly origin: Origin,
  ) {
    this.directory = dirname(origin.tsconfigPath).replaceAll('\\', '/');
    this.options = project.getCompilerOptions();
  }

  get files(): readonly ts.SourceFile[] {
    this.ownFiles ??= this.paths
      .filter((path) => !isDeclaration(path))
      .flatMap((path) => this.project.getSourceFile(path)?.compilerNode ?? []);
    return this.ownFiles;
  }

  /**
   * Reads files of the project again.
   *
   * @returns whether that was enough; where files came or went, or others changed, the project must be opened anew
   * @throws GeneratorError `SYNTAX_ERROR`
   */
  refresh(paths: readonly string[]): boolean {
    const own = new Set(this.paths);
    if (!paths.every((path) => own.has(path) && !isDeclaration(path) && existsSync(path))) return false;
    for (const path of paths) this.project.getSourceFile(path)?.refreshFromFileSystemSync();
    this.ownFiles = null;
    const syntaxErrors = paths.flatMap((path) => syntaxErrorsOf(this.project.getSourceFileOrThrow(path).compilerNode, this));
    if (syntaxErrors.length > 0) throw new GeneratorError(syntaxErrors);
    return true;
  }

  program(): ts.Program {
    this.hasProgram = true;
    return this.project.getProgram().compilerObject;
  }

  dependOn(path: string): void {
    this.dependencies.add(path);
  }

  /** Everything on disk that the result depends on, for telling later whether anything has changed. */
  inputs(): RunInputs {
    const { tsconfig, outDir } = this.origin;
    const read = this.hasProgram ? this.program().getSourceFiles() : this.files;
    const files = new Set([...tsconfig.configs, ...read.map(({ fileName }) => fileName), ...this.dependencies]);
    const folders = [...tsconfig.folders].flatMap(([folder, isRecursive]) => (isRecursive ? foldersIn(folder, outDir) : [folder]));
    return { files: [...files].filter((path) => !this.overlays.has(path) && !path.startsWith(BUNDLED_LIBRARY)), folders };
  }

  overlay(path: string, text: string): void {
    if (this.overlays.get(path) === text) return;
    // A file that was not there yet may be what an import meant.
    if (!this.overlays.has(path)) this.resolutions.clear();
    this.overlays.set(path, text);
    this.project.createSourceFile(path, text, { overwrite: true });
  }

  overlaid(path: string): string | null {
    return this.overlays.get(path) ?? null;
  }

  resolve(specifier: string, from: ts.SourceFile | string): string | null {
    const containing = typeof from === 'string' ? from : from.fileName;
    const key = `${containing}\0${specifier}`;
    const known = this.resolutions.get(key);
    if (known !== undefined) return known;
    const found = this.origin.resolver.resolve(specifier, containing, this.project.getModuleResolutionHost());
    const resolved = found?.resolvedFileName ?? null;
    this.resolutions.set(key, resolved);
    return resolved;
  }
}

function isDeclaration(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path);
}

function syntaxErrorsOf(file: ts.SourceFile, project: SourceProject): Diagnostic[] {
  // The parser keeps what it could not read on the file itself.
  const { parseDiagnostics = [] } = file as ts.SourceFile & { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics.length === 0
    ? []
    : project
        .program()
        .getSyntacticDiagnostics(file)
        .map((found) => diagnostic('SYNTAX_ERROR', messageOf(found), { place: placeIn(file, found) }));
}

function messageOf(found: ts.Diagnostic): string {
  return `TS${found.code}: ${ts.flattenDiagnosticMessageText(found.messageText, '\n')}`;
}

function placeIn(file: ts.SourceFile, { start, length }: ts.DiagnosticWithLocation): SourcePlace {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const lineStart = file.getPositionOfLineAndCharacter(line, 0);
  return {
    file: file.fileName,
    line: line + 1,
    column: character + 1,
    excerpt: { text: file.text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '', length },
  };
}
