import type { AgentEntry, Catalog, CatalogEntry } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { docComment, stringLiteral, valueKey } from '../text/code-text.js';
import { HEADER } from '../text/header.js';
import { entryTypes } from './entry-types.js';
import { manifestText } from './manifest-text.js';
import { MODULE_TYPES, ModuleNames } from './module-names.js';

/** The generated module's path in the output folder. */
export const MODULE_PATH = 'taskloom.generated.ts';

/** One TypeScript module: types, names, builders, and the manifest of schemas that classes do not give themselves. */
export const typescriptEmitter: Emitter = {
  name: 'typescript',
  emit(catalog: Catalog): Emission {
    const names = new ModuleNames(catalog, MODULE_TYPES);
    return { files: [{ path: MODULE_PATH, text: new ModuleText(catalog, names).text() }], diagnostics: names.diagnostics };
  },
};

class ModuleText {
  constructor(
    private readonly catalog: Catalog,
    private readonly names: ModuleNames,
  ) {}

  text(): string {
    const { agents, workflows } = this.catalog;
    const manifest = manifestText(this.catalog);
    return [
      `/* eslint-disable -- ${HEADER} */\n`,
      this.imports(manifest.needsHelper),
      [...agents, ...workflows].flatMap((entry) => entryTypes(entry, this.names)).join('\n'),
      this.nameLists(),
      this.augmentation(),
      agents.map((agent) => this.builder(agent)).join('\n'),
      manifest.text,
    ]
      .filter((part) => part !== '')
      .join('\n');
  }

  private imports(needsManifestHelper: boolean): string {
    const core = this.catalog.agents.length > 0 ? "import { task, type Refable, type TaskDraft } from '@taskloom/core';\n" : '';
    return (
      core +
      (needsManifestHelper
        ? "import { manifestOf } from '@taskloom/decorators/manifest';\n"
        : "import type { Manifest } from '@taskloom/decorators';\n")
    );
  }

  private nameLists(): string {
    const list = (name: string, entries: readonly CatalogEntry[]): string =>
      `export const ${name} = [${entries.map((entry) => stringLiteral(entry.name)).join(', ')}] as const;\n`;
    return [
      `/** Every agent, by name. */\n${list('agentNames', this.catalog.agents)}export type AgentName = (typeof agentNames)[number];\n`,
      `/** Every workflow, by name. */\n${list('workflowNames', this.catalog.workflows)}export type WorkflowName = (typeof workflowNames)[number];\n`,
    ].join('\n');
  }

  /** Gives names their types wherever an agent or workflow is referred to by name. */
  private augmentation(): string {
    const members = (entries: readonly CatalogEntry[]): string =>
      entries
        .map((entry) => {
          const { input, output } = this.names.of(entry);
          return `    ${valueKey(entry.name)}: { input: ${input}; output: ${entry.output ? output : 'unknown'} };\n`;
        })
        .join('');
    const { agents, workflows } = this.catalog;
    const parts = [
      ...(agents.length > 0 ? [`  interface AgentTypes {\n${members(agents)}  }\n`] : []),
      ...(workflows.length > 0 ? [`  interface WorkflowTypes {\n${members(workflows)}  }\n`] : []),
    ];
    return parts.length === 0 ? '' : `declare module '@taskloom/core' {\n${parts.join('\n')}}\n`;
  }

  private builder(agent: AgentEntry): string {
    const { builder, input, output } = this.names.of(agent);
    const lines = agent.description === '' ? [`A task for the agent "${agent.name}".`] : [agent.description];
    return `${docComment(lines)}export function ${builder}(input: Refable<${input}>): TaskDraft<${output}> {\n  return task(${stringLiteral(agent.name)}, input);\n}\n`;
  }
}
