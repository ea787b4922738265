import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { jsonSchemaOfDocument } from '../emitter/json-schema/document-json-schema.js';
import { drawPlans } from '../reader/evaluation/draw-plans.js';
import type { PlanRequest } from '../reader/evaluation/evaluation-protocol.js';
import type { SourceProject } from '../reader/source-project.js';
import type { WorkflowEntry } from '../shape/catalog.js';
import type { PlanDrawing } from '../shape/plan-graph.js';
import { declaredExample } from '../shape/sample.js';
import type { Earlier, ReadCatalog } from './read-catalog.js';

/** The same catalog, with the graphs that its workflows lay out for their examples. */
export async function withPlans(
  project: SourceProject,
  read: ReadCatalog,
  timeoutMs: number,
  { memory, processes }: Earlier,
): Promise<ReadCatalog> {
  const workflows = read.catalog.workflows.map((entry) => {
    const head = read.heads.find(({ found, name }) => found.kind === 'workflow' && name === entry.name)!;
    const request = requestOf(entry);
    const asked = JSON.stringify(request) ?? '';
    const known = memory.recall(head)?.plan;
    return { entry, head, request, asked, drawing: request === null ? NO_EXAMPLE : known?.request === asked ? known.drawing : null };
  });
  const unknown = workflows.filter(({ drawing }) => drawing === null);
  const drawn = await drawPlans(
    project,
    processes,
    unknown.map(({ entry, head, request }) => ({ name: entry.name, place: entry.place, found: head.found, request: request! })),
    timeoutMs,
  );
  for (const { entry, head, asked } of unknown) {
    const drawing = drawn.byName.get(entry.name)!;
    // One that failed is tried again: its warning belongs to every run.
    if (drawing.kind !== 'failed') memory.keep(head, { ...memory.recall(head)!, plan: { request: asked, drawing } });
  }
  const withDrawings = workflows.map(({ entry, drawing }) => ({ ...entry, plan: drawing ?? drawn.byName.get(entry.name)! }));
  const warnings: readonly Diagnostic[] = [...read.warnings, ...drawn.warnings];
  return { ...read, catalog: { ...read.catalog, workflows: withDrawings }, warnings };
}

const NO_EXAMPLE: PlanDrawing = { kind: 'no-example' };

/** What `plan` is run with; `null` where the input has no example. */
function requestOf({ input }: WorkflowEntry): PlanRequest | null {
  const example = declaredExample(input);
  if (example === undefined) return null;
  return { example, ...(input.given ? undefined : { derivedInput: jsonSchemaOfDocument(input, { marks: true }) }) };
}
