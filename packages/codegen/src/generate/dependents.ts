import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import type { SourceProject } from '../reader/source-project.js';
import type { CatalogMemory } from './catalog-memory.js';
import { ImportGraph } from './import-graph.js';

/** What depends on files that have changed: through imports, through the generated module, and through names alone. */
export class Dependents {
  private readonly graph: ImportGraph;
  private readonly generated: string;

  constructor(
    private readonly project: SourceProject,
    private readonly memory: CatalogMemory,
    outDir: string,
  ) {
    this.graph = new ImportGraph(project);
    this.generated = `${outDir}/`;
  }

  /** Forgets what was found out of changed files, and of all that import one of them. */
  forgetImporters(changed: readonly string[]): void {
    this.graph.update(changed);
    this.memory.forget(this.graph.affectedBy(changed));
  }

  /**
   * Forgets what depends on definitions without importing them, once the definitions are known that there are now: their
   * types reach others through the generated module, and through the engine's `AgentTypes` wherever their names are written.
   */
  forgetUsers(heads: readonly DefinitionHead[]): void {
    const { memory } = this;
    const now = new Set(heads.map(keyOf));
    const gone = [...memory.names].filter((name) => !now.has(name)).map((key) => key.slice(key.indexOf(' ') + 1));
    const isNew = gone.length > 0 || now.size > memory.names.size;
    let names = [...gone, ...heads.filter((head) => !memory.recall(head)).map(({ name }) => name)];
    if (names.length === 0) return;
    const users = this.graph.affectedBy(this.graph.targets().filter((path) => path.startsWith(this.generated)));
    // A builder that came or went may keep a module from loading.
    if (isNew) memory.forget(users);
    names.push(...memory.forgetTypes(users));
    while (names.length > 0) names = memory.forgetTypes(this.graph.affectedBy(this.mentioning(names)));
  }

  private mentioning(names: readonly string[]): string[] {
    const escaped = names.map((name) => name.replaceAll(/[^\w-]/g, String.raw`\$&`));
    const mention = new RegExp(String.raw`(["'\`])(?:${escaped.join('|')})\1|\b(?:Agent|Workflow)Types\b`);
    return this.project.files.filter(({ text }) => mention.test(text)).map(({ fileName }) => fileName);
  }
}

/** What a definition is told apart by. */
export function keyOf({ name, found }: DefinitionHead): string {
  return `${found.kind} ${name}`;
}
