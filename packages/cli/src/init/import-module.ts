import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../terminal/cli-error.js';
import { MODULE } from './templates.js';

const APP_MODULE = 'src/app.module.ts';

/**
 * Makes the application's root module import Taskloom's. Everything else in the file stays as it is.
 *
 * @returns whether the file was changed
 * @throws CliError `PROJECT_UNFIT`
 */
export async function importModule(folder: string): Promise<boolean> {
  const path = join(folder, APP_MODULE);
  const remedy = `Import ${MODULE.className} from '${MODULE.specifier}' in the root module yourself.`;
  if (!existsSync(path)) throw new CliError('PROJECT_UNFIT', `There is no ${APP_MODULE}.`, remedy);
  const { Node, Project, QuoteKind } = await import('ts-morph');
  const project = new Project({ skipLoadingLibFiles: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  const file = project.addSourceFileAtPath(path);
  if (file.getText().includes(MODULE.className)) return false;
  const options = file
    .getClasses()
    .flatMap((one) => one.getDecorator('Module')?.getArguments() ?? [])
    .find((argument) => Node.isObjectLiteralExpression(argument));
  if (!options) throw new CliError('PROJECT_UNFIT', `${APP_MODULE} has no class with @Module({ … }).`, remedy);
  const imports = options.getProperty('imports');
  if (imports === undefined) options.insertPropertyAssignment(0, { name: 'imports', initializer: `[${MODULE.className}]` });
  else {
    const list = Node.isPropertyAssignment(imports) ? imports.getInitializer() : undefined;
    if (!Node.isArrayLiteralExpression(list))
      throw new CliError('PROJECT_UNFIT', `The imports in ${APP_MODULE} are no plain list.`, remedy);
    list.addElement(MODULE.className);
  }
  file.addImportDeclaration({ moduleSpecifier: MODULE.specifier, namedImports: [MODULE.className] });
  await file.save();
  return true;
}
