import type { Json, JsonObject } from '@taskloom/core';

import type { Annotations } from '../../shape/annotations.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { NumberShape, ObjectShape, Shape, StringShape, TupleShape } from '../../shape/shape.js';
import { DefinitionReader } from './definition-reader.js';
import { booleanOf, listOf, numberOf, objectOf, stringOf } from './keyword-values.js';

/**
 * The shape of a JSON Schema that a class gives. What the shape model cannot say (`not`, `if`, remote references …) is
 * read as any value: the schema itself stays the truth, the shape only names types and fills documentation.
 */
export function readJsonSchema(schema: JsonObject): SchemaDocument {
  const definitions = new DefinitionReader(schema, readSchema);
  const root = readSchema(schema, definitions);
  return {
    root: definitions.isReferenced('#') ? { kind: 'ref', to: definitions.rootName } : root,
    definitions: definitions.all(root),
    given: schema,
  };
}

/** Reads one schema; references go through `definitions`. */
function readSchema(schema: Json | undefined, definitions: DefinitionReader): Shape {
  if (schema === false) return { kind: 'never' };
  const keywords = objectOf(schema);
  if (!keywords) return { kind: 'any' };
  const annotations = readAnnotations(keywords);
  const parts = readParts(keywords, definitions);
  const shape: Shape = parts.length === 0 ? { kind: 'any' } : parts.length === 1 ? parts[0]! : { kind: 'intersection', members: parts };
  return annotations ? { ...shape, annotations: { ...shape.annotations, ...annotations } } : shape;
}

/** What a schema's keywords say each by itself; a value must be all of it. */
function readParts(keywords: JsonObject, definitions: DefinitionReader): Shape[] {
  const parts: Shape[] = [];
  const ref = stringOf(keywords['$ref']);
  if (ref !== undefined) parts.push(definitions.refer(ref));
  if ('const' in keywords) parts.push({ kind: 'literal', value: keywords['const'] ?? null });
  else if (listOf(keywords['enum'])) parts.push({ kind: 'enum', values: listOf(keywords['enum'])! });
  else if (keywords['type'] !== undefined) parts.push(readTyped(keywords, definitions));
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const members = listOf(keywords[keyword]);
    if (members) parts.push(readUnion(members, definitions));
  }
  for (const member of listOf(keywords['allOf']) ?? []) {
    const shape = readSchema(member, definitions);
    if (shape.kind !== 'any') parts.push(shape);
  }
  if (parts.length === 0 && isEmptyObject(keywords['not'])) parts.push({ kind: 'never' });
  return parts;
}

function readTyped(keywords: JsonObject, definitions: DefinitionReader): Shape {
  const type = keywords['type'];
  const types = listOf(type);
  if (types) return { kind: 'union', members: types.map((one) => readType(one, keywords, definitions)) };
  return readType(type, keywords, definitions);
}

function readType(type: Json | undefined, keywords: JsonObject, definitions: DefinitionReader): Shape {
  switch (type) {
    case 'string':
      return readString(keywords);
    case 'number':
    case 'integer':
      return readNumber(keywords, type === 'integer');
    case 'boolean':
    case 'null':
      return { kind: type };
    case 'array':
      return readArray(keywords, definitions);
    case 'object':
      return readObject(keywords, definitions);
    default:
      return { kind: 'any' };
  }
}

function readString(keywords: JsonObject): StringShape {
  return {
    kind: 'string',
    ...numberOf(keywords, 'minLength'),
    ...numberOf(keywords, 'maxLength'),
    ...(stringOf(keywords['pattern']) === undefined ? undefined : { pattern: stringOf(keywords['pattern'])! }),
    ...(stringOf(keywords['format']) === undefined ? undefined : { format: stringOf(keywords['format'])! }),
  };
}

function readNumber(keywords: JsonObject, integer: boolean): NumberShape {
  return {
    kind: 'number',
    ...(integer ? { integer } : undefined),
    ...numberOf(keywords, 'minimum'),
    ...numberOf(keywords, 'maximum'),
    ...numberOf(keywords, 'exclusiveMinimum'),
    ...numberOf(keywords, 'exclusiveMaximum'),
    ...numberOf(keywords, 'multipleOf'),
  };
}

function readArray(keywords: JsonObject, definitions: DefinitionReader): Shape {
  const prefix = listOf(keywords['prefixItems']);
  if (prefix) return readTuple(prefix, keywords, definitions);
  return {
    kind: 'array',
    items: readSchema(keywords['items'], definitions),
    ...numberOf(keywords, 'minItems'),
    ...numberOf(keywords, 'maxItems'),
    ...(booleanOf(keywords['uniqueItems']) ? { uniqueItems: true } : undefined),
  };
}

function readTuple(prefix: readonly Json[], keywords: JsonObject, definitions: DefinitionReader): TupleShape {
  const { minItems = prefix.length, maxItems } = { ...numberOf(keywords, 'minItems'), ...numberOf(keywords, 'maxItems') };
  const isOpen = keywords['items'] !== undefined && keywords['items'] !== false && (maxItems === undefined || maxItems > prefix.length);
  return {
    kind: 'tuple',
    items: prefix.map((item, index) => ({ shape: readSchema(item, definitions), optional: index >= minItems })),
    rest: isOpen ? readSchema(keywords['items'], definitions) : null,
  };
}

function readObject(keywords: JsonObject, definitions: DefinitionReader): ObjectShape {
  const required = new Set(listOf(keywords['required']) ?? []);
  const properties = Object.entries(objectOf(keywords['properties']) ?? {}).map(([name, value]) => ({
    name,
    shape: readSchema(value, definitions),
    optional: !required.has(name),
  }));
  const patterns = Object.entries(objectOf(keywords['patternProperties']) ?? {}).map(([pattern, value]) => ({
    pattern,
    shape: readSchema(value, definitions),
  }));
  const names = keywords['propertyNames'] === undefined ? undefined : readSchema(keywords['propertyNames'], definitions);
  const additional = readAdditional(keywords, definitions);
  const listed = additional && properties.length + patterns.length === 0 ? listedNames(names) : null;
  // A record with names of an enumeration has just these properties.
  if (listed) {
    return {
      kind: 'object',
      properties: listed.map((name) => ({ name, shape: additional!, optional: !required.has(name) })),
      additional: null,
    };
  }
  return {
    kind: 'object',
    properties,
    ...(patterns.length > 0 ? { patterns } : undefined),
    additional,
    ...(names && names.kind !== 'any' ? { propertyNames: names } : undefined),
    ...numberOf(keywords, 'minProperties'),
    ...numberOf(keywords, 'maxProperties'),
  };
}

/** Names, where they are told one by one. */
function listedNames(names: Shape | undefined): readonly string[] | null {
  if (names?.kind === 'literal') return typeof names.value === 'string' ? [names.value] : null;
  if (names?.kind !== 'enum') return null;
  const texts = names.values.filter((value) => typeof value === 'string');
  return texts.length === names.values.length ? texts : null;
}

/** Where nothing is said of other properties, an object with listed ones is read as complete, one without as a map. */
function readAdditional(keywords: JsonObject, definitions: DefinitionReader): Shape | null {
  const additional = keywords['additionalProperties'];
  if (additional === false) return null;
  if (additional !== undefined) return readSchema(additional, definitions);
  return keywords['properties'] === undefined && keywords['patternProperties'] === undefined ? { kind: 'any' } : null;
}

function readUnion(members: readonly Json[], definitions: DefinitionReader): Shape {
  const shapes = members.map((member) => readSchema(member, definitions));
  return shapes.length === 1 ? shapes[0]! : { kind: 'union', members: shapes };
}

function readAnnotations(keywords: JsonObject): Annotations | undefined {
  const annotations: Annotations = {
    ...(stringOf(keywords['title']) === undefined ? undefined : { title: stringOf(keywords['title'])! }),
    ...(stringOf(keywords['description']) === undefined ? undefined : { description: stringOf(keywords['description'])! }),
    ...(keywords['default'] === undefined ? undefined : { default: keywords['default'] }),
    ...(listOf(keywords['examples']) ? { examples: listOf(keywords['examples'])! } : undefined),
    ...(booleanOf(keywords['deprecated']) ? { deprecated: true } : undefined),
  };
  return Object.keys(annotations).length === 0 ? undefined : annotations;
}

function isEmptyObject(value: Json | undefined): boolean {
  const object = objectOf(value);
  return object !== null && Object.keys(object).length === 0;
}
