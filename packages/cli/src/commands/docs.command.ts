import { DOCS_PAGE_PATH, formatDiagnostics, shortPath, sortDiagnostics, writeFolder } from '@taskloom/codegen/run';
import { dirname, join, resolve } from 'node:path';

import type { AddCommand } from '../cli.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import { count } from '../terminal/count.js';
import { openInBrowser } from '../terminal/open-in-browser.js';
import { addGeneratorArguments, generatorOptions, type GeneratorArguments } from './generator-arguments.js';

interface DocsArguments extends GeneratorArguments {
  readonly open?: boolean;
  readonly to?: string;
}

export const addDocs: AddCommand = (program, terminal, end) => {
  addGeneratorArguments(program.command('docs'))
    .description('Writes the documentation of agents and workflows.')
    .option('--open', 'show it in a browser')
    .option('--to <folder>', "where it goes (default: the output folder with emit: ['docs'], else .taskloom/docs)")
    .action(async (given: DocsArguments) => {
      const { directory } = terminal;
      const loaded = await loadConfig(findConfig(directory, given.config), directory);
      const options = generatorOptions(given, loaded, directory);
      const { check } = await import('@taskloom/codegen');
      const result = await check({ ...options, emit: ['docs'] });
      if (result.warnings.length > 0)
        terminal.err(formatDiagnostics(sortDiagnostics(result.warnings), { from: directory, pretty: terminal.pretty }));
      // Beside other generated files only where the project wants it there; otherwise it would be one too many for --check.
      const isConfigured = options.emit?.includes('docs') ?? false;
      const own = isConfigured ? join(result.outDir, dirname(DOCS_PAGE_PATH)) : join(loaded.folder, '.taskloom/docs');
      const folder = given.to === undefined ? own : resolve(directory, given.to);
      const prefix = `${dirname(DOCS_PAGE_PATH)}/`;
      const files = result.files
        .filter(({ path }) => path.startsWith(prefix))
        .map(({ path, text }) => ({ path: path.slice(prefix.length), text }));
      const { missing, changed } = writeFolder(folder, files);
      const page = join(folder, DOCS_PAGE_PATH.slice(prefix.length));
      terminal.out(`${count(files.length, 'page')}, ${missing.length + changed.length} written: ${shortPath(page, directory)}\n`);
      if (given.open) await openInBrowser(page, terminal.env);
      end(0);
    });
};
