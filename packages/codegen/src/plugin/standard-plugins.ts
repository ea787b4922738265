import { jsonSchemaEmitter } from '../emitter/json-schema/json-schema-emitter.js';
import { typescriptEmitter } from '../emitter/typescript/typescript-emitter.js';
import { defineGeneratorPlugin, type GeneratorPlugin } from './generator-plugin.js';

/** What the generator writes by itself. */
export const STANDARD_PLUGINS: readonly GeneratorPlugin[] = [
  defineGeneratorPlugin({ name: 'json-schema', emitters: [jsonSchemaEmitter] }),
  defineGeneratorPlugin({ name: 'typescript', emitters: [typescriptEmitter] }),
];
