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

/**
 * One file's JavaScript, without a look at its types. Decorators stay; the constructor types they would record are left
 * out, because nothing is injected where this runs and because they would keep imports that exist only as types.
 */
export function transpile(path: string, text: string, format: 'module' | 'commonjs', options: ts.CompilerOptions): string {
  return ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      ...options,
      module: format === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      emitDecoratorMetadata: false,
      esModuleInterop: true,
      importHelpers: false,
      declaration: false,
      sourceMap: false,
      inlineSourceMap: true,
      noEmit: false,
    },
  }).outputText;
}
