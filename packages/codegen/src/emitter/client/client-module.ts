import type { WorkflowEntry } from '../../shape/catalog.js';
import { docComment, stringLiteral } from '../text/code-text.js';
import { HEADER } from '../text/header.js';
import { memberNameOf } from '../text/identifiers.js';
import { entryTypes } from '../typescript/entry-types.js';
import { ModuleNames } from '../typescript/module-names.js';
import { CLIENT_PARTS, CLIENT_TYPES } from './client-parts.js';

/** The module's text. */
export function clientModule(workflows: readonly WorkflowEntry[]): string {
  const names = new ModuleNames({ agents: [], workflows, topics: [] }, CLIENT_TYPES);
  const types = workflows.flatMap((entry) => entryTypes(entry, names));
  const members = workflows.map((entry) => memberText(entry, names));
  const makers = workflows.map(({ name }) => `    ${memberNameOf(name)}: workflow(client, ${stringLiteral(name)}),\n`);
  return [
    `/* eslint-disable -- ${HEADER} */\n`,
    CLIENT_PARTS.imports,
    ...types,
    `/** Every workflow of the application. */\nexport interface Workflows {\n${members.join('')}}\n`,
    `/** Every workflow of the application, over a client of its API. */\nexport function workflowsOf(client: TaskloomClient): Workflows {\n  return {\n${makers.join('')}  };\n}\n`,
    CLIENT_PARTS.body,
  ].join('\n');
}

function memberText(entry: WorkflowEntry, names: ModuleNames): string {
  const { input, output } = names.of(entry);
  const about = entry.description === '' ? `The workflow "${entry.name}".` : entry.description;
  const type = `Workflow<${input}, ${entry.output ? output : 'unknown'}>`;
  return `${docComment([about], '  ')}  readonly ${memberNameOf(entry.name)}: ${type};\n`;
}
