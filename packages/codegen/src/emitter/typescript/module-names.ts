import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import { functionNameOf, typeNameOf } from '../text/identifiers.js';

/** What the module itself declares or imports; no builder may be called that. */
export const MODULE_NAMES: ReadonlySet<string> = new Set(['task', 'agentNames', 'workflowNames', 'manifest', 'manifestOf']);
const MODULE_TYPES = ['AgentName', 'WorkflowName', 'Refable', 'TaskDraft'];

/** The identifiers of one entry. */
export interface EntryNames {
  /** The builder's; agents only. */
  readonly builder: string;
  readonly input: string;
  readonly output: string;
}

/** Gives every entry its identifiers, and reports those that would share one. */
export class ModuleNames {
  readonly diagnostics: Diagnostic[] = [];
  private readonly owners = new Map<string, CatalogEntry>();
  private readonly names = new Map<CatalogEntry, EntryNames>();
  private readonly types = new Set<string>(MODULE_TYPES);

  constructor(catalog: Catalog) {
    for (const entry of [...catalog.agents, ...catalog.workflows]) this.add(entry);
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
    const known = this.owners.get(typeName);
    if (known) this.diagnostics.push(collision(entry, known, typeName));
    else this.owners.set(typeName, entry);
    const names = { builder: functionNameOf(entry.name, MODULE_NAMES), input: `${typeName}Input`, output: `${typeName}Output` };
    this.types.add(names.input).add(names.output);
    this.names.set(entry, names);
  }
}

function collision(entry: CatalogEntry, known: CatalogEntry, typeName: string): Diagnostic {
  return diagnostic('NAME_COLLISION', `The ${entry.kind} "${entry.name}" and the ${known.kind} "${known.name}" would both be called ${typeName} in generated code.`, {
    place: entry.place,
    related: [{ message: `"${known.name}" is named here`, place: known.place }],
  });
}
