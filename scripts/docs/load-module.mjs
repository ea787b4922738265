import ts from 'typescript';
import { read } from './repository.mjs';

/** What a TypeScript module exports at run time. Only for modules that import nothing but types. */
export async function loadModule(path) {
  const { outputText } = ts.transpileModule(read(path), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}
