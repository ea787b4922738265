import type { Json, JsonObject } from '@taskloom/core';

/** A JSON Schema of the generator's, and the way to it in the whole one. */
export interface SchemaNode {
  readonly schema: JsonObject;
  /** JSON Pointer from the root, starting with `#`. */
  readonly pointer: string;
}

/** The schema tree as conversions walk it. Only what the generator writes is understood; the rest is left to the validator. */
export class SchemaTree {
  readonly root: SchemaNode;

  constructor(schema: JsonObject) {
    this.root = { schema, pointer: '#' };
  }

  /** The node without references around it. */
  resolve(node: SchemaNode): SchemaNode {
    const ref = node.schema['$ref'];
    if (typeof ref !== 'string') return node;
    const name = decodeURIComponent(ref.slice('#/$defs/'.length));
    return this.resolve({ schema: objectAt(objectAt(this.root.schema, '$defs'), unescape(name)), pointer: ref });
  }

  child(node: SchemaNode, ...path: readonly string[]): SchemaNode | null {
    let current: Json | undefined = node.schema;
    for (const key of path)
      current = isObject(current)
        ? Object.hasOwn(current, key)
          ? current[key]
          : undefined
        : Array.isArray(current)
          ? (current as readonly Json[])[Number(key)]
          : undefined;
    return isObject(current) ? { schema: current, pointer: [node.pointer, ...path.map(escape)].join('/') } : null;
  }

  children(node: SchemaNode, keyword: string): readonly SchemaNode[] {
    const list = node.schema[keyword];
    return Array.isArray(list) ? (list as readonly Json[]).flatMap((_, index) => this.child(node, keyword, String(index)) ?? []) : [];
  }

  /** The names a node's keyword has schemas for: properties, or patterns of their names. */
  names(node: SchemaNode, keyword: 'properties' | 'patternProperties'): readonly string[] {
    return Object.keys(objectAt(node.schema, keyword));
  }
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escape(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function unescape(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
