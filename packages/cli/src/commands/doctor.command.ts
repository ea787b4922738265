import { resolve } from 'node:path';
import pc from 'picocolors';

import type { AddCommand } from '../cli.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import { checkDatabase, checkDriver } from '../doctor/check-database.js';
import { checkGenerated } from '../doctor/check-generated.js';
import { checkNode } from '../doctor/check-node.js';
import { checkPackages } from '../doctor/check-packages.js';
import { checkPort } from '../doctor/check-port.js';
import { checkTsconfig } from '../doctor/check-tsconfig.js';
import type { CheckResult, NamedCheck } from '../doctor/check.js';
import { runForProject } from '../generate/run-for-project.js';
import type { Terminal } from '../terminal/terminal.js';
import { addGeneratorArguments, generatorOptions, type GeneratorArguments } from './generator-arguments.js';

interface DoctorArguments extends GeneratorArguments {
  readonly json?: boolean;
}

export const addDoctor: AddCommand = (program, terminal, end) => {
  addGeneratorArguments(program.command('doctor'))
    .description('Looks at everything an application needs, and says what is wrong with it. Changes nothing.')
    .option('--json', 'print what was found as JSON')
    .action(async (given: DoctorArguments) => {
      const found: ({ readonly name: string } & CheckResult)[] = [];
      for (const { name, run } of await checksFor(given, terminal)) {
        const result = await run();
        found.push({ name, ...result });
        if (!given.json) terminal.out(lineOf(result, terminal.pretty));
      }
      const isWell = found.every(({ status }) => status !== 'error');
      if (given.json) terminal.out(`${JSON.stringify({ ok: isWell, checks: found })}\n`);
      end(isWell ? 0 : 1);
    });
};

async function checksFor(given: DoctorArguments, terminal: Terminal): Promise<readonly NamedCheck[]> {
  const { config, folder, ...loaded } = await loadConfig(findConfig(terminal.directory, given.config), terminal.directory);
  const tsconfig = generatorOptions(given, { config, folder, ...loaded }, terminal.directory).project!;
  return [
    { name: 'node', run: () => checkNode(process.versions.node) },
    { name: 'packages', run: () => checkPackages(folder) },
    { name: 'driver', run: () => checkDriver(folder) },
    { name: 'tsconfig', run: () => checkTsconfig(tsconfig) },
    { name: 'generated', run: () => checkGenerated(() => runForProject({ ...given, check: true }, terminal), terminal.directory) },
    { name: 'database', run: () => checkDatabase(folder, resolve(folder, config.database ?? '.taskloom/taskloom.db')) },
    { name: 'port', run: () => checkPort(config.port ?? 3000) },
  ];
}

function lineOf({ status, message, remedy }: CheckResult, pretty: boolean): string {
  const { green, yellow, red } = pc.createColors(pretty);
  const mark = { ok: green('✓'), warning: yellow('!'), error: red('✗') }[status];
  return `${mark} ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`;
}
