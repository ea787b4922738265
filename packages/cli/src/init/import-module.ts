import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { addToModule } from '../project/add-to-module.js';
import { MODULE } from './templates.js';

const APP_MODULE = 'src/app.module.ts';

/**
 * Makes the application's root module import Taskloom's.
 *
 * @returns whether the file was changed
 * @throws CliError `PROJECT_UNFIT`
 */
export async function importModule(folder: string): Promise<boolean> {
  const path = join(folder, APP_MODULE);
  const text = await addToModule({ path, list: 'imports', ...MODULE }, APP_MODULE);
  if (text !== null) writeFileSync(path, text);
  return text !== null;
}
