import { pathMatcher } from '@taskloom/codegen/run';

import type { AddCommand } from '../cli.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import { count } from '../terminal/count.js';
import { table } from '../terminal/table.js';
import { addGeneratorArguments, generatorOptions, type GeneratorArguments } from './generator-arguments.js';

interface ListArguments extends GeneratorArguments {
  readonly json?: boolean;
  readonly filter?: string;
}

export const addList: AddCommand = (program, terminal, end) => {
  addGeneratorArguments(program.command('list'))
    .description('Lists the agents and workflows of a project.')
    .option('--json', 'print them as JSON')
    .option('--filter <pattern>', 'only those whose name matches; * stands for anything')
    .action(async (given: ListArguments) => {
      const loaded = await loadConfig(findConfig(terminal.directory, given.config), terminal.directory);
      const { check } = await import('@taskloom/codegen');
      const { catalog } = await check({ ...generatorOptions(given, loaded, terminal.directory), emit: [] });
      const matches = pathMatcher(given.filter ?? '*');
      const entries = [...catalog.workflows, ...catalog.agents]
        .filter(({ name }) => matches(name))
        .map(({ kind, name, version, description, className, source, place }) => ({
          kind,
          name,
          version,
          description,
          className,
          source,
          line: place.line,
        }));
      if (given.json) terminal.out(`${JSON.stringify(entries)}\n`);
      else {
        terminal.out(
          table(entries.map(({ kind, name, description, source, line }) => [kind, name, `${source}:${line}`, firstLine(description)])),
        );
        const agents = entries.filter(({ kind }) => kind === 'agent').length;
        terminal.out(`${count(agents, 'agent')} and ${count(entries.length - agents, 'workflow')}\n`);
      }
      end(0);
    });
};

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}
