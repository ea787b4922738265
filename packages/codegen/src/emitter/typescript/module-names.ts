import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import { functionNameOf, typeNameOf } from '../text/identifiers.js';
import { nameCollisions } from '../text/name-collisions.js';

/** What the module itself declares or imports; no builder may be called that. */
export const MODULE_NAMES: ReadonlySet<string> = new Set(['task', 'agentNames', 'workflowNames', 'topicNames', 'manifest', 'manifestOf']);
export const MODULE_TYPES = ['AgentName', 'WorkflowName', 'TopicName', 'Refable', 'TaskDraft'] as const;

/** The identifiers of one entry. */
export interface EntryNames {
  /** The builder's; agents only. */
  readonly builder: string;
  readonly input: string;
  readonly output: string;
}

/** Gives every entry its identifiers, and reports those that would share one. */
export class ModuleNames {
  readonly diagnostics: readonly Diagnostic[];
  private readonly names = new Map<CatalogEntry, EntryNames>();
  private readonly types: Set<string>;

  /** @param taken types that the module has in any case */
  constructor(catalog: Catalog, taken: readonly string[]) {
    this.types = new Set(taken);
    const entries = [...catalog.agents, ...catalog.workflows];
    for (const entry of entries) this.add(entry);
    const alikeTypes = nameCollisions(
      entries,
      ({ name }) => typeNameOf(name),
      (typeName) => `would both be called ${typeName} in generated code`,
    );
    // `delete` and `delete-task`: types of different names, and one builder.
    const alikeBuilders = nameCollisions(
      catalog.agents,
      (agent) => this.of(agent).builder,
      (builder) => `would both be built by ${builder}() in generated code`,
    );
    const reported = new Set(alikeTypes.map(({ place }) => place));
    this.diagnostics = [...alikeTypes, ...alikeBuilders.filter(({ place }) => !reported.has(place))];
  }

  of(entry: CatalogEntry): EntryNames {
    return this.names.get(entry)!;
  }

  /** A type name for a definition of one side of an entry, numbered where it is taken. */
  definition(owner: string, definition: string): string {
    const base = owner + typeNameOf(definition);
    let name = base;
    for (let count = 2; this.types.has(name); count += 1) name = `${base}${count}`;
    this.types.add(name);
    return name;
  }

  private add(entry: CatalogEntry): void {
    const typeName = typeNameOf(entry.name);
    const names = { builder: functionNameOf(entry.name, MODULE_NAMES), input: `${typeName}Input`, output: `${typeName}Output` };
    this.types.add(names.input).add(names.output);
    this.names.set(entry, names);
  }
}
