import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { AddCommand } from '../cli.js';
import { describeReport } from '../generate/describe-report.js';
import { runForProject } from '../generate/run-for-project.js';
import { importModule } from '../init/import-module.js';
import { installCommands, runInstall } from '../init/install-packages.js';
import { runProgram } from '../programs/run-program.js';
import { addScripts, readProjectManifest } from '../project/project-manifest.js';
import { TEMPLATES } from '../init/templates.js';
import { CliError } from '../terminal/cli-error.js';

const NEXT = `Start the application; the same workflow waits at /graphql:
  npx taskloom job start welcome --input '{ "names": ["Ada"] }' --watch
Documentation: npx taskloom docs --open
More of your own: npx taskloom new agent <name>
`;
const SCRIPTS = { codegen: 'taskloom generate', prebuild: 'taskloom generate' };

export const addInit: AddCommand = (program, terminal, end) => {
  program
    .command('init')
    .description('Adds Taskloom to a NestJS 12 application: packages, a first agent and workflow, and what is generated from them.')
    .option('--no-install', 'add no packages; what is missing is named')
    .action(async ({ install }: { readonly install: boolean }) => {
      const { directory: folder, out } = terminal;
      for (const command of installCommands(folder, readProjectManifest(folder))) {
        out(`${install ? '' : 'Missing: '}${command.join(' ')}\n`);
        if (install) await runInstall(command, folder, terminal.env);
      }
      for (const [path, text] of Object.entries(TEMPLATES))
        out(`${writeOnce(join(folder, path), text) ? 'written' : 'kept   '}  ${path}\n`);
      out(`${(await importModule(folder)) ? 'changed' : 'kept   '}  src/app.module.ts\n`);
      const added = addScripts(folder, SCRIPTS);
      if (added.length > 0) out(`changed  package.json: scripts ${added.join(', ')}\n`);
      out(`\n${describeReport(await runForProject({}, terminal), folder)}\n`);
      out(`\n${await firstRun(folder)}\n${NEXT}`);
      end(0);
    });
};

/** What is there stays: it may have been changed. */
function writeOnce(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}

/** What the first workflow printed. @throws CliError `FIRST_RUN_FAILED` */
async function firstRun(folder: string): Promise<string> {
  return runProgram('first-run', [folder], folder).catch((error: unknown) => {
    throw new CliError(
      'FIRST_RUN_FAILED',
      `The first workflow did not run: ${(error as Error).message}`,
      'Everything is in place; `npx taskloom doctor` looks for the cause.',
      1,
      { cause: error },
    );
  });
}
