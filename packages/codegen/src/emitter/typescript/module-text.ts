import type { AgentEntry, Catalog, CatalogEntry } from '../../shape/catalog.js';
import { docComment, stringLiteral, valueKey } from '../text/code-text.js';
import { HEADER } from '../text/header.js';
import type { ManifestText } from './manifest-text.js';
import type { ModuleNames } from './module-names.js';

/**
 * The generated module.
 *
 * @param types the types of all inputs and outputs, or where they come from
 */
export function moduleText(catalog: Catalog, names: ModuleNames, types: string, manifest: ManifestText): string {
  return [
    `/* eslint-disable -- ${HEADER} */\n`,
    imports(catalog, manifest.needsHelper),
    types,
    nameLists(catalog),
    augmentation(catalog, names),
    builtAgents(catalog)
      .map((agent) => builder(agent, names))
      .join('\n'),
    manifest.text,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Agents that tasks name; messages run the others. */
function builtAgents({ agents }: Catalog): readonly AgentEntry[] {
  return agents.filter(({ subscribes }) => subscribes.length === 0);
}

function imports(catalog: Catalog, needsManifestHelper: boolean): string {
  const core = builtAgents(catalog).length > 0 ? "import { task, type Refable, type TaskDraft } from '@taskloom/core';\n" : '';
  return (
    core +
    (needsManifestHelper
      ? "import { manifestOf } from '@taskloom/decorators/manifest';\n"
      : "import type { Manifest } from '@taskloom/decorators';\n")
  );
}

function nameLists({ agents, workflows, topics }: Catalog): string {
  const list = (name: string, entries: readonly { readonly name: string }[]): string =>
    `export const ${name} = [${entries.map((entry) => stringLiteral(entry.name)).join(', ')}] as const;\n`;
  return [
    `/** Every agent, by name. */\n${list('agentNames', agents)}export type AgentName = (typeof agentNames)[number];\n`,
    `/** Every workflow, by name. */\n${list('workflowNames', workflows)}export type WorkflowName = (typeof workflowNames)[number];\n`,
    ...(topics.length > 0
      ? [`/** Every topic, by name. */\n${list('topicNames', topics)}export type TopicName = (typeof topicNames)[number];\n`]
      : []),
  ].join('\n');
}

/** Gives names their types wherever an agent or workflow is referred to by name. */
function augmentation({ agents, workflows }: Catalog, names: ModuleNames): string {
  const members = (entries: readonly CatalogEntry[]): string =>
    entries
      .map((entry) => {
        const { input, output } = names.of(entry);
        return `    ${valueKey(entry.name)}: { input: ${input}; output: ${entry.output ? output : 'unknown'} };\n`;
      })
      .join('');
  const parts = [
    ...(agents.length > 0 ? [`  interface AgentTypes {\n${members(agents)}  }\n`] : []),
    ...(workflows.length > 0 ? [`  interface WorkflowTypes {\n${members(workflows)}  }\n`] : []),
  ];
  return parts.length === 0 ? '' : `declare module '@taskloom/core' {\n${parts.join('\n')}}\n`;
}

function builder(agent: AgentEntry, names: ModuleNames): string {
  const { builder: name, input, output } = names.of(agent);
  const lines = agent.description === '' ? [`A task for the agent "${agent.name}".`] : [agent.description];
  return `${docComment(lines)}export function ${name}(input: Refable<${input}>): TaskDraft<${output}> {\n  return task(${stringLiteral(agent.name)}, input);\n}\n`;
}
