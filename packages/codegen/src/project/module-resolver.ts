import { ts } from 'ts-morph';

import type { ReadTsconfig } from './read-tsconfig.js';
import { ReferencedSources } from './referenced-sources.js';

/** Finds what files import, each by the options of the project it belongs to. */
export class ModuleResolver {
  readonly referenced: ReferencedSources;
  private readonly optionsByFile = new Map<string, ts.CompilerOptions>();

  constructor(private readonly tsconfig: ReadTsconfig) {
    this.referenced = new ReferencedSources(tsconfig.references);
    for (const { fileNames, options } of tsconfig.references)
      for (const file of fileNames) this.optionsByFile.set(file.replaceAll('\\', '/'), options);
  }

  /** @returns the file, sources before what they are compiled to */
  resolve(specifier: string, containing: string, host: ts.ModuleResolutionHost): ts.ResolvedModuleFull | undefined {
    const options = this.optionsByFile.get(containing) ?? this.tsconfig.options;
    const built = this.referenced.builtFor(host);
    const mode = ts.getImpliedNodeFormatForFile(containing, undefined, host, options);
    const { resolvedModule } = ts.resolveModuleName(specifier, containing, options, built, undefined, undefined, mode);
    if (!resolvedModule) return undefined;
    const source = this.referenced.sourceOf(resolvedModule.resolvedFileName);
    if (source === resolvedModule.resolvedFileName) return resolvedModule;
    return { resolvedFileName: source, extension: source.slice(source.lastIndexOf('.')), isExternalLibraryImport: false };
  }
}
