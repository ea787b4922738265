import ts from 'typescript';
import { allPages } from './links.mjs';
import { pathOf, read } from './repository.mjs';

/** Samples are compiled as if they lay here: an application that has every package. */
const HOME = 'apps/example-server';
const SAMPLE = /^(?:<!-- before the sample\n([\s\S]*?)-->\n\s*)?```ts\n([\s\S]*?)^```$/gm;

/**
 * The TypeScript samples of a page. What a sample takes for granted stands in a comment just before it, which readers do
 * not see: `<!-- before the sample … -->`.
 */
export function samplesOf(page, text) {
  return [...text.matchAll(SAMPLE)].map((match) => {
    const [, before = '', code] = match;
    const line = text.slice(0, match.index + match[0].lastIndexOf(`\`\`\`ts\n${code}`)).split('\n').length;
    return { page, line, text: `${before}${code}\nexport {};\n`, lead: before.split('\n').length - 1 };
  });
}

/** What the compiler says of the samples, at their places in the pages. */
export function sampleProblems(pages = allPages()) {
  const samples = new Map(
    pages.flatMap((page) => samplesOf(page, read(page))).map((sample, index) => [pathOf(HOME, `sample-${index}.ts`), sample]),
  );
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(pathOf('tsconfig.base.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    pathOf('.'),
  );
  const settings = {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    declaration: false,
    typeRoots: [pathOf('node_modules/@types')],
  };
  const disk = ts.createCompilerHost(settings);
  const host = {
    ...disk,
    fileExists: (path) => samples.has(path) || disk.fileExists(path),
    readFile: (path) => samples.get(path)?.text ?? disk.readFile(path),
    getSourceFile: (path, language, ...rest) =>
      samples.has(path) ? ts.createSourceFile(path, samples.get(path).text, language, true) : disk.getSourceFile(path, language, ...rest),
  };
  const program = ts.createProgram([...samples.keys()], settings, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => describe(diagnostic, samples));
}

function describe({ file, start, messageText }, samples) {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  const sample = file && samples.get(file.fileName);
  if (!sample) return file ? `${file.fileName}: ${message}` : message;
  const line = file.getLineAndCharacterOfPosition(start).line - sample.lead + 1;
  return `${sample.page}:${sample.line + line}: ${message}`;
}
