import { dirname } from 'node:path';

import { ts } from 'ts-morph';
import typescript from 'typescript';

/**
 * What the compiler says of a project with these files in it, which need not be on disk. It is the repository's own
 * compiler, not the one that the generator brings.
 */
export function compileErrors(tsconfigPath: string, virtualFiles: { readonly [path: string]: string }): string[] {
  const { config } = typescript.readConfigFile(tsconfigPath, (path) => typescript.sys.readFile(path)) as { config: unknown };
  const { options, fileNames } = typescript.parseJsonConfigFileContent(config, typescript.sys, dirname(tsconfigPath));
  const host = typescript.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const readFile = host.readFile.bind(host);
  const folders = new Set(Object.keys(virtualFiles).map((path) => dirname(path)));
  const directoryExists = host.directoryExists?.bind(host) ?? ((): boolean => true);
  host.directoryExists = (path) => folders.has(path) || directoryExists(path);
  host.fileExists = (path) => Object.hasOwn(virtualFiles, path) || fileExists(path);
  host.readFile = (path) => (Object.hasOwn(virtualFiles, path) ? virtualFiles[path] : readFile(path));
  const program = typescript.createProgram({ rootNames: [...fileNames, ...Object.keys(virtualFiles)], options, host });
  return typescript.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
    return line + ts.flattenDiagnosticMessageText(messageText, '\n');
  });
}
