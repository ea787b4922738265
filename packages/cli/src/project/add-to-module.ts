import type { ObjectLiteralExpression } from 'ts-morph';

import { CliError } from '../terminal/cli-error.js';

export interface ModuleEntry {
  /** Absolute path of the module's file. */
  readonly path: string;
  readonly list: 'imports' | 'providers';
  readonly className: string;
  /** Where the class is imported from. */
  readonly specifier: string;
}

/**
 * Adds a class to a list of a module. Everything else in the file stays as it is.
 *
 * @param shownPath for messages
 * @returns the file's text; `null` where the class is there already
 * @throws CliError `PROJECT_UNFIT`
 */
export async function addToModule({ path, list, className, specifier }: ModuleEntry, shownPath: string): Promise<string | null> {
  const remedy = `Add ${className} from '${specifier}' to the ${list} of a module yourself.`;
  const { IndentationText, Node, Project, QuoteKind } = await import('ts-morph');
  const project = new Project({ skipLoadingLibFiles: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  const file = project.addSourceFileAtPathIfExists(path);
  if (!file) throw new CliError('PROJECT_UNFIT', `There is no ${shownPath}.`, remedy);
  const indent = /^(\t| {2,8})\S/m.exec(file.getText())?.[1];
  const indentationText = Object.values(IndentationText).find((text) => text === indent) ?? IndentationText.TwoSpaces;
  project.manipulationSettings.set({ indentationText });
  if (new RegExp(`\\b${className}\\b`).test(file.getText())) return null;
  const options = file
    .getClasses()
    .flatMap((one) => one.getDecorator('Module')?.getArguments() ?? [])
    .find((argument): argument is ObjectLiteralExpression => Node.isObjectLiteralExpression(argument));
  if (!options) throw new CliError('PROJECT_UNFIT', `${shownPath} has no class with @Module({ … }).`, remedy);
  const property = options.getProperty(list);
  if (property === undefined) options.insertPropertyAssignment(0, { name: list, initializer: `[${className}]` });
  else {
    const array = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
    if (!Node.isArrayLiteralExpression(array))
      throw new CliError('PROJECT_UNFIT', `The ${list} in ${shownPath} are no plain list.`, remedy);
    array.addElement(className);
  }
  file.addImportDeclaration({ moduleSpecifier: specifier, namedImports: [className] });
  return file.getFullText();
}
