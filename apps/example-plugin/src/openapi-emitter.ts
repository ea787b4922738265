import { GENERATED_HEADER, jsonSchemaOfDocument, type Emitter, type WorkflowEntry } from '@taskloom/codegen';

/** One `POST /workflows/<name>` for each workflow, as OpenAPI 3.1, whose schemas are JSON Schema 2020-12 too. */
export const openapiEmitter: Emitter = {
  name: 'openapi',
  emit({ workflows }) {
    const paths = Object.fromEntries(
      workflows.map((workflow) => [`/workflows/${encodeURIComponent(workflow.name)}`, { post: operationOf(workflow) }]),
    );
    const document = { 'x-generated': GENERATED_HEADER, openapi: '3.1.0', info: { title: 'Workflows', version: '1' }, paths };
    return { files: [{ path: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` }], diagnostics: [] };
  },
};

function operationOf({ name, description, input, output }: WorkflowEntry): object {
  return {
    operationId: name,
    ...(description === '' ? undefined : { summary: description }),
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOfDocument(input) } } },
    responses: {
      200: {
        description: 'What the job resulted in.',
        ...(output && { content: { 'application/json': { schema: jsonSchemaOfDocument(output) } } }),
      },
    },
  };
}
