import { findJsonProblem, formatPointer, type Json, type JsonObject } from '../kernel/json.js';

/** What makes a JSON Schema one that nothing should be checked with, or that nobody should be given. */
export type SchemaRule =
  | 'depth'
  | 'size'
  | 'remote-reference'
  | 'reference-target'
  | 'data-reference'
  | 'pattern-length'
  | 'pattern-time'
  | 'property-name-length'
  | 'unique-items'
  | 'invalid';

/** `path`: a JSON Pointer into the schema. */
export interface SchemaProblem {
  readonly rule: SchemaRule;
  readonly path: string;
  /** What is wrong there and what to do, as a sentence that goes on after the place. */
  readonly reason: string;
}

type Path = readonly (string | number)[];

interface Subschema {
  readonly schema: JsonObject;
  readonly path: Path;
}

const MOST_LEVELS = 200;
const MOST_BYTES = 262_144;
/** So long may a text be that a pattern is matched with: what takes time with its square still takes no second. */
const LONGEST_MATCHED = 4_096;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
const IN_MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];
const IN_PLACE = [
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'contentSchema',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
];
const SCALARS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** What no JSON Schema may have that people, planners or other programs are given, or `null`. */
export function findSchemaProblem(schema: JsonObject): SchemaProblem | null {
  const tooDeep = findJsonProblem(schema, { maxDepth: MOST_LEVELS });
  if (tooDeep) {
    if (tooDeep.kind !== 'too-deep') return null;
    return { rule: 'depth', path: '', reason: `it is nested deeper than ${MOST_LEVELS} levels; make it flatter, or use \`$ref\`` };
  }
  for (const { schema: part, path } of subschemas(schema)) {
    for (const [keyword, value] of Object.entries(part)) {
      const at = [...path, keyword];
      if (REFERENCES.includes(keyword) && !(typeof value === 'string' && value.startsWith('#')))
        return problem('remote-reference', at, 'it refers to another document; nothing is fetched, so put what it refers to below `$defs`');
      if (isObject(value) && '$data' in value && !isNameOfParts(keyword))
        return problem('data-reference', at, 'it takes a limit from the value that is checked (`$data`); write the limit itself');
    }
  }
  return null;
}

/**
 * What no JSON Schema may have that the engine checks what people send with, or `null`. The rules are those of Ajv's secure
 * meta-schema, over all keywords of 2020-12, and for patterns.
 *
 * @param isSlow whether a regular expression may take exponential time
 */
export function findAnswerSchemaProblem(schema: JsonObject, isSlow: (pattern: string) => boolean): SchemaProblem | null {
  if (JSON.stringify(schema).length > MOST_BYTES)
    return problem('size', [], `it has more than ${MOST_BYTES} characters; ask for less at once`);
  const parts = [...subschemas(schema)];
  const places = new Set(parts.map(({ path }) => `#${formatPointer(path)}`));
  for (const { schema: part, path } of parts) {
    const found = problemOfPart(part, path, isSlow);
    if (found) return found;
    for (const keyword of REFERENCES.filter((name) => name in part))
      if (!places.has(decoded(part[keyword])))
        return problem('reference-target', [...path, keyword], 'it refers to a place where there is no schema');
  }
  return null;
}

function problemOfPart(part: JsonObject, path: Path, isSlow: (pattern: string) => boolean): SchemaProblem | null {
  const { pattern, maxLength, patternProperties, propertyNames, uniqueItems, items, maxItems } = part;
  if (typeof pattern === 'string') {
    if (!isBound(maxLength, LONGEST_MATCHED))
      return problem('pattern-length', path, `it has a \`pattern\` and no \`maxLength\` of at most ${LONGEST_MATCHED}; give it one`);
    if (isSlow(pattern)) return slow([...path, 'pattern']);
  }
  if (isObject(patternProperties)) {
    if (!isObject(propertyNames) || !isBound(propertyNames['maxLength'], LONGEST_MATCHED))
      return problem(
        'property-name-length',
        path,
        `it has \`patternProperties\` and no \`propertyNames\` with a \`maxLength\` of at most ${LONGEST_MATCHED}; give it one`,
      );
    for (const name of Object.keys(patternProperties)) if (isSlow(name)) return slow([...path, 'patternProperties', name]);
  }
  if (uniqueItems === true && !areScalars(items) && typeof maxItems !== 'number')
    return problem('unique-items', path, 'it has `uniqueItems` over objects or lists and no `maxItems`; give it one');
  return null;
}

/** A reference as the place it means; what is none means no place. */
function decoded(reference: Json | undefined): string {
  try {
    return typeof reference === 'string' ? decodeURIComponent(reference) : '';
  } catch {
    return '';
  }
}

function slow(path: Path): SchemaProblem {
  return problem(
    'pattern-time',
    path,
    'it may take exponential time (a repetition inside a repetition); write it so that it has one way to match',
  );
}

function isBound(value: Json | undefined, most: number): boolean {
  return typeof value === 'number' && value <= most;
}

function areScalars(items: Json | undefined): boolean {
  if (!isObject(items)) return false;
  const { type } = items;
  return SCALARS.has(type) || (Array.isArray(type) && type.every((one) => SCALARS.has(one)));
}

/** The schema and all that stand in it, in no particular order. A property that is named like a keyword is none. */
function* subschemas(schema: JsonObject): Generator<Subschema> {
  const open: Subschema[] = [{ schema, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { schema: part, path } = next;
    const add = (value: Json | undefined, at: Path): void => {
      if (isObject(value)) open.push({ schema: value, path: at });
    };
    for (const keyword of IN_MAPS) {
      const map = part[keyword];
      if (isObject(map)) for (const [name, value] of Object.entries(map)) add(value, [...path, keyword, name]);
    }
    for (const keyword of IN_PLACE) {
      const value = part[keyword];
      if (Array.isArray(value)) value.forEach((one: Json, index) => add(one, [...path, keyword, index]));
      else add(value, [...path, keyword]);
    }
  }
}

/** What stands below these is named by whoever wrote the schema, or is no schema at all. */
function isNameOfParts(keyword: string): boolean {
  return IN_MAPS.includes(keyword) || keyword === 'default' || keyword === 'const' || keyword === 'examples';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(rule: SchemaRule, path: Path, reason: string): SchemaProblem {
  return { rule, path: formatPointer(path), reason };
}
