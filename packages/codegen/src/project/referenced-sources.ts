import { realpathSync } from 'node:fs';

import { ts } from 'ts-morph';

/**
 * The files of projects that a tsconfig refers to, by what they are compiled to: that is what packages of a workspace name in
 * their `exports`. Types and schemas are read from the sources, so nothing has to be built first, and nothing that was built
 * can be out of date.
 */
export class ReferencedSources {
  /** By the paths of declarations and of JavaScript. */
  private readonly sources = new Map<string, string>();
  /** Folders that will be there once everything is built. */
  private readonly folders = new Set<string>();
  private readonly realFolders = new Map<string, string>();

  constructor(projects: readonly ts.ParsedCommandLine[]) {
    for (const project of projects) for (const source of project.fileNames) this.add(project, source.replaceAll('\\', '/'));
  }

  get isEmpty(): boolean {
    return this.sources.size === 0;
  }

  /** `host`, for which everything is built. */
  builtFor(host: ts.ModuleResolutionHost): ts.ModuleResolutionHost {
    if (this.isEmpty) return host;
    return {
      ...host,
      fileExists: (path) => host.fileExists(path) || this.sources.has(this.real(path)),
      directoryExists: (path) => (host.directoryExists?.(path) ?? true) || this.folders.has(this.real(path)),
    };
  }

  /** The source of a file that was found, or that file itself. */
  sourceOf(path: string): string {
    return this.sources.get(this.real(path)) ?? path;
  }

  private add(project: ts.ParsedCommandLine, source: string): void {
    if (/\.d\.[cm]?ts$|\.json$/.test(source)) return;
    for (const output of ts.getOutputFileNames(project, source, false)) {
      this.sources.set(output.replaceAll('\\', '/'), source);
      for (let folder = parentOf(output); folder !== '' && !this.folders.has(folder); folder = parentOf(folder)) this.folders.add(folder);
    }
  }

  /** Where a path leads whose package is a link into the workspace; what lies behind it may not be there yet. */
  private real(path: string): string {
    const link = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/@][^/]*)(\/.*)?$/.exec(path);
    if (!link) return path;
    const [, folder, rest = ''] = link;
    const known = this.realFolders.get(folder!);
    if (known !== undefined) return known + rest;
    const real = realFolder(folder!);
    this.realFolders.set(folder!, real);
    return real + rest;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder).replaceAll('\\', '/');
  } catch {
    return folder;
  }
}
