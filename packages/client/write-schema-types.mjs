// pnpm schema [--check]: writes src/schema.ts, the types of packages/nest-module/schema.graphql; with --check only says whether it is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isRequiredInputField } from 'graphql';
import { format, resolveConfig } from 'prettier';

/** What a scalar is when it is read, and when it is given. */
const SCALARS = {
  ID: { read: 'string', given: 'string' },
  String: { read: 'string', given: 'string' },
  Int: { read: 'number', given: 'number' },
  Float: { read: 'number', given: 'number' },
  Boolean: { read: 'boolean', given: 'boolean' },
  // ISO 8601; JSON.stringify makes it of a Date.
  DateTime: { read: 'string', given: 'Date | string' },
  JSON: { read: 'Json', given: 'Json | object' },
  JSONObject: { read: 'JsonObject', given: 'object' },
};

const path = new URL('src/schema.ts', import.meta.url);
const sdl = readFileSync(new URL('../nest-module/schema.graphql', import.meta.url), 'utf8');
const module = await format(typesOf(buildSchema(sdl)), { ...(await resolveConfig(path)), parser: 'typescript' });
if (process.argv[2] !== '--check') writeFileSync(path, module);
else if (readFileSync(path, 'utf8') !== module) {
  process.stderr.write('src/schema.ts is not what schema.graphql says: run `pnpm --filter @taskloom/client schema`.\n');
  process.exitCode = 1;
}

function typesOf(schema) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
    .map((type) => typeOf(type));
  return [
    '// The types of the API, written by `pnpm --filter @taskloom/client schema` from packages/nest-module/schema.graphql; do not edit.',
    "import type { Json, JsonObject } from './json.js';",
    ...types.filter((type) => type !== null),
  ].join('\n\n');
}

function typeOf(type) {
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name, description }) => `${commentOf(description)}| '${name}'`);
    return `${commentOf(type.description)}export type ${type.name} =\n${values.join('\n')};`;
  }
  if (!isObjectType(type) && !isInputObjectType(type)) return null;
  const isGiven = isInputObjectType(type);
  const fields = Object.values(type.getFields()).map((field) => {
    const reference = referenceTo(field.type, isGiven ? 'given' : 'read');
    const mayBeLeftOut = isGiven && !isRequiredInputField(field);
    return `${commentOf(field.description)}readonly ${field.name}${mayBeLeftOut ? `?: ${reference} | undefined` : `: ${reference}`};`;
  });
  return `${commentOf(type.description)}export interface ${type.name} {\n${fields.join('\n')}\n}`;
}

function referenceTo(type, use) {
  if (!isNonNullType(type)) return `${nonNullReferenceTo(type, use)} | null`;
  return nonNullReferenceTo(type.ofType, use);
}

function nonNullReferenceTo(type, use) {
  if (!isListType(type)) return SCALARS[type.name]?.[use] ?? type.name;
  const item = referenceTo(type.ofType, use);
  return `readonly ${/^\w+$/.test(item) ? item : `(${item})`}[]`;
}

/** On one line where it fits. */
function commentOf(description) {
  if (!description) return '';
  const text = description.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ').trim();
  return `/** ${text} */\n`;
}
