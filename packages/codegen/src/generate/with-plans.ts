import { jsonSchemaOfDocument } from '../emitter/json-schema/document-json-schema.js';
import { drawPlans } from '../reader/evaluation/draw-plans.js';
import type { SourceProject } from '../reader/source-project.js';
import type { ReadCatalog } from './read-catalog.js';

/** The same catalog, with the graphs that its workflows lay out for their examples. */
export async function withPlans(project: SourceProject, read: ReadCatalog, timeoutMs: number): Promise<ReadCatalog> {
  const { catalog, heads } = read;
  const workflows = catalog.workflows.map((entry) => ({
    entry,
    found: heads.find((head) => head.found.kind === 'workflow' && head.name === entry.name)!.found,
  }));
  const { byName, warnings } = await drawPlans(project, workflows, ({ input }) => jsonSchemaOfDocument(input, { marks: true }), timeoutMs);
  const drawn = catalog.workflows.map((entry) => ({ ...entry, plan: byName.get(entry.name)! }));
  return { ...read, catalog: { ...catalog, workflows: drawn }, warnings: [...read.warnings, ...warnings] };
}
