import type { Json, JsonObject } from '@taskloom/core';

/**
 * A schema in a form of which two that mean the same are equal, as far as the two generators compared here can tell:
 * definitions stand where they are referred to (recursion counts how far up it leads), alternatives are a sorted list,
 * draft-07 tuples are written the new way.
 */
export function normalForm(schema: JsonObject): Json {
  return new Normaliser(schema).schema(schema, []);
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$defs',
  'definitions',
  'description',
  'title',
  'default',
  'examples',
  'deprecated',
]);

class Normaliser {
  constructor(private readonly root: JsonObject) {}

  schema(schema: Json, open: readonly JsonObject[]): Json {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
    return sorted(this.alternatives(schema as JsonObject, open));
  }

  private alternatives(schema: JsonObject, open: readonly JsonObject[]): Json[] {
    const target = this.follow(schema);
    if (target !== schema) {
      const up = open.indexOf(target);
      return up >= 0 ? [{ up: open.length - up }] : this.alternatives(target, [...open, target]);
    }
    const inside = open.includes(schema) ? open : [...open, schema];
    if (Array.isArray(schema['anyOf'])) return (schema['anyOf'] as JsonObject[]).flatMap((member) => this.alternatives(member, inside));
    if (Array.isArray(schema['enum'])) return (schema['enum'] as Json[]).map((value) => ({ const: value }));
    if (schema['const'] !== undefined) return [{ const: schema['const'] }];
    const type = schema['type'];
    if (Array.isArray(type)) return (type as string[]).flatMap((one) => this.alternatives({ ...schema, type: one }, inside));
    if (type === 'null') return [{ const: null }];
    if (type === 'boolean') return [{ const: true }, { const: false }];
    return [this.keywords(schema, inside)];
  }

  private keywords(schema: JsonObject, open: readonly JsonObject[]): Json {
    const normal: { [key: string]: Json } = {};
    for (const [key, value] of Object.entries(modernTuple(schema)).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (ANNOTATIONS.has(key) || value === undefined) continue;
      if (key === 'properties' || key === 'patternProperties') {
        const members = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
        if (members.length > 0) normal[key] = members.map(([name, member]) => [name, this.schema(member!, open)]);
      } else if (key === 'required') normal[key] = [...(value as string[])].sort();
      else if (key === 'prefixItems' || key === 'allOf') normal[key] = (value as Json[]).map((item) => this.schema(item, open));
      else normal[key] = typeof value === 'object' ? this.schema(value, open) : value;
    }
    // An empty schema as a rule for other properties allows what no rule allows.
    if (JSON.stringify(normal['additionalProperties']) === '[{}]') normal['additionalProperties'] = true;
    return normal;
  }

  private follow(schema: JsonObject): JsonObject {
    const ref = schema['$ref'];
    if (typeof ref !== 'string') return schema;
    const [, keyword, name] = /^#\/(definitions|\$defs)\/(.*)$/.exec(ref) ?? [];
    return (this.root[keyword!] as JsonObject)[decodeURIComponent(name!)] as JsonObject;
  }
}

function modernTuple(schema: JsonObject): JsonObject {
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return schema['prefixItems'] ? withoutRepeated(schema) : schema;
  return withoutRepeated({
    ...rest,
    prefixItems: items as Json[],
    ...(additionalItems === undefined ? undefined : { items: additionalItems }),
  });
}

/** A tuple's greatest length can be said in two ways. */
function withoutRepeated({ maxItems, items, ...rest }: JsonObject): JsonObject {
  const length = (rest['prefixItems'] as Json[] | undefined)?.length;
  if (items === false || maxItems === length) return { ...rest, maxItems: length ?? null };
  return { ...rest, ...(items === undefined ? undefined : { items }), ...(maxItems === undefined ? undefined : { maxItems }) };
}

function sorted(items: readonly Json[]): Json {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()].sort((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  );
}
