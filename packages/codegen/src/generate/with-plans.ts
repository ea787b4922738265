import { jsonSchemaOfDocument } from '../emitter/json-schema/document-json-schema.js';
import { drawPlans } from '../reader/evaluation/draw-plans.js';
import type { SourceProject } from '../reader/source-project.js';
import type { CatalogMemory } from './catalog-memory.js';
import type { ReadCatalog } from './read-catalog.js';

/** The same catalog, with the graphs that its workflows lay out for their examples. */
export async function withPlans(project: SourceProject, read: ReadCatalog, timeoutMs: number, memory: CatalogMemory): Promise<ReadCatalog> {
  const { catalog, heads } = read;
  const workflows = catalog.workflows.map((entry) => ({
    entry,
    head: heads.find((head) => head.found.kind === 'workflow' && head.name === entry.name)!,
  }));
  const unknown = workflows
    .filter(({ head }) => memory.recall(head)?.plan === undefined)
    .map(({ entry, head }) => ({ entry, found: head.found }));
  const { byName, warnings } = await drawPlans(project, unknown, ({ input }) => jsonSchemaOfDocument(input, { marks: true }), timeoutMs);
  const drawn = workflows.map(({ entry, head }) => {
    const plan = byName.get(entry.name) ?? memory.recall(head)!.plan!;
    // One that failed is tried again: its warning belongs to every run.
    if (plan.kind !== 'failed') memory.keep(head, { ...memory.recall(head)!, plan });
    return { ...entry, plan };
  });
  return { ...read, catalog: { ...catalog, workflows: drawn }, warnings: [...read.warnings, ...warnings] };
}
