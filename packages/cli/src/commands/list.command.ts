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
    .description('Lists the agents, workflows and topics of a project.')
    .option('--json', 'print them as JSON')
    .option('--filter <pattern>', 'only those whose name matches; * stands for anything')
    .action(async (given: ListArguments) => {
      const loaded = await loadConfig(findConfig(terminal.directory, given.config), terminal.directory);
      const { check } = await import('@taskloom/codegen');
      const { catalog } = await check({ ...generatorOptions(given, loaded, terminal.directory), emit: [] });
      const matches = pathMatcher(given.filter ?? '*');
      const entries = [...catalog.workflows, ...catalog.agents].map((entry) => ({
        kind: entry.kind,
        name: entry.name,
        version: entry.version,
        description: entry.description,
        className: entry.className,
        source: entry.source,
        line: entry.place.line,
        ...(entry.kind === 'agent' ? { subscribes: entry.subscribes, publishes: entry.publishes } : undefined),
      }));
      const topics = catalog.topics.map(({ kind, name, description }) => ({ kind, name, description }));
      const listed = [...entries, ...topics].filter(({ name }) => matches(name));
      if (given.json) terminal.out(`${JSON.stringify(listed)}\n`);
      else {
        const placeOf = (entry: (typeof listed)[number]): string => ('source' in entry ? `${entry.source}:${entry.line}` : '');
        terminal.out(table(listed.map((entry) => [entry.kind, entry.name, placeOf(entry), firstLine(entry.description)])));
        const countOf = (kind: CatalogKind): number => listed.filter((entry) => entry.kind === kind).length;
        const counts = [count(countOf('agent'), 'agent'), count(countOf('workflow'), 'workflow')];
        const ofTopics = countOf('topic');
        terminal.out(`${ofTopics > 0 ? [counts[0], `${counts[1]} and ${count(ofTopics, 'topic')}`].join(', ') : counts.join(' and ')}\n`);
      }
      end(0);
    });
};

type CatalogKind = 'agent' | 'workflow' | 'topic';

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}
