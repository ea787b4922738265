import { clientEmitter } from '../emitter/client/client-emitter.js';
import { docsEmitter } from '../emitter/docs/docs-emitter.js';
import { graphqlEmitter } from '../emitter/graphql/graphql-emitter.js';
import { jsonSchemaEmitter } from '../emitter/json-schema/json-schema-emitter.js';
import { mcpEmitter } from '../emitter/mcp/mcp-emitter.js';
import { typescriptEmitter } from '../emitter/typescript/typescript-emitter.js';
import type { EmitterName } from './emitter-names.js';
import { defineGeneratorPlugin, type GeneratorPlugin } from './generator-plugin.js';

/** What the generator writes in any case. */
export const STANDARD_PLUGINS: readonly GeneratorPlugin[] = [
  defineGeneratorPlugin({ name: 'json-schema', emitters: [jsonSchemaEmitter] }),
  defineGeneratorPlugin({ name: 'typescript', emitters: [typescriptEmitter] }),
];

/** What it writes when asked to. */
const EXTRA_PLUGINS: { readonly [Name in EmitterName]: GeneratorPlugin } = {
  client: defineGeneratorPlugin({ name: 'client', emitters: [clientEmitter] }),
  docs: defineGeneratorPlugin({ name: 'docs', emitters: [docsEmitter], needsPlans: true }),
  graphql: defineGeneratorPlugin({ name: 'graphql', emitters: [graphqlEmitter] }),
  mcp: defineGeneratorPlugin({ name: 'mcp', emitters: [mcpEmitter] }),
};

export function extraPlugins(names: readonly EmitterName[]): readonly GeneratorPlugin[] {
  return names.map((name) => EXTRA_PLUGINS[name]);
}
