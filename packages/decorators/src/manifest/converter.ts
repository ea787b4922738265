import { LIVE_CONVERSIONS, LIVE_TYPE } from './live-values.js';
import { isObject, type SchemaNode, type SchemaTree } from './schema-node.js';

/** Whether a JSON value fits a part of the schema. */
export type Fits = (node: SchemaNode, json: unknown) => boolean;

/** A part's JSON, and how many properties were left out because the schema does not know them. */
interface Encoded {
  readonly json: unknown;
  readonly dropped: number;
}

/** Turns what code returns into the JSON its schema describes, and JSON into what code expects. */
export class Converter {
  constructor(
    private readonly tree: SchemaTree,
    private readonly fits: Fits,
  ) {}

  /**
   * What code returned, as JSON: live values written out, defaults filled in, properties that the type does not have left
   * out. It is not checked; what cannot be converted is given back as it is, for the validator to refuse.
   */
  toJson(live: unknown): unknown {
    return this.encode(this.tree.root, live).json;
  }

  /** Checked JSON, as code expects it: live values made, defaults filled in. */
  toLive(json: unknown): unknown {
    return this.decode(this.tree.root, json);
  }

  private encode(reference: SchemaNode, live: unknown): Encoded {
    const node = this.tree.resolve(reference);
    const branches = this.tree.children(node, 'anyOf');
    if (branches.length > 0) return this.encodeUnion(branches, live);
    const json = conversionOf(node)?.toJson(live) ?? live;
    if (Array.isArray(json)) return this.encodeList(node, json);
    if (isPlainEnough(json) && node.schema['type'] === 'object') return this.encodeObject(node, json);
    return { json: json === undefined && node.schema['type'] === 'null' ? null : json, dropped: 0 };
  }

  /** The member that fits and keeps most of the value; the first of several. */
  private encodeUnion(branches: readonly SchemaNode[], live: unknown): Encoded {
    let best: Encoded | null = null;
    for (const branch of branches) {
      const encoded = this.encode(branch, live);
      if ((!best || encoded.dropped < best.dropped) && this.fits(branch, encoded.json)) best = encoded;
    }
    return best ?? { json: live, dropped: 0 };
  }

  private encodeList(node: SchemaNode, list: readonly unknown[]): Encoded {
    let dropped = 0;
    const json = list.map((item, index) => {
      const child = this.itemNode(node, index);
      if (!child) return item;
      const encoded = this.encode(child, item);
      dropped += encoded.dropped;
      return encoded.json;
    });
    return { json, dropped };
  }

  private encodeObject(node: SchemaNode, object: { readonly [key: string]: unknown }): Encoded {
    const members: [string, unknown][] = [];
    let dropped = 0;
    for (const key of this.keysOf(node, object)) {
      const child = this.memberNode(node, key);
      const value = Object.hasOwn(object, key) ? object[key] : undefined;
      if (!child) dropped += 1;
      else if (value !== undefined) {
        const encoded = this.encode(child, value);
        members.push([key, encoded.json]);
        dropped += encoded.dropped;
      } else if (child.schema['default'] !== undefined) members.push([key, structuredClone(child.schema['default'])]);
    }
    return { json: Object.fromEntries(members), dropped };
  }

  private decode(reference: SchemaNode, json: unknown): unknown {
    const node = this.tree.resolve(reference);
    const branches = this.tree.children(node, 'anyOf');
    if (branches.length > 0) {
      const branch = branches.find((candidate) => this.fits(candidate, json));
      return branch ? this.decode(branch, json) : json;
    }
    const inner = Array.isArray(json)
      ? this.decodeList(node, json)
      : isObject(json) && node.schema['type'] === 'object'
        ? this.decodeObject(node, json)
        : json;
    const conversion = conversionOf(node);
    return conversion ? conversion.toLive(inner) : inner;
  }

  private decodeList(node: SchemaNode, list: readonly unknown[]): unknown {
    return list.map((item, index) => {
      const child = this.itemNode(node, index);
      return child ? this.decode(child, item) : item;
    });
  }

  private decodeObject(node: SchemaNode, object: { readonly [key: string]: unknown }): unknown {
    const members: [string, unknown][] = [];
    for (const key of this.keysOf(node, object)) {
      const child = this.memberNode(node, key);
      const value = Object.hasOwn(object, key) ? object[key] : child?.schema['default'];
      if (value !== undefined)
        members.push([key, child ? this.decode(child, Object.hasOwn(object, key) ? value : structuredClone(value)) : value]);
    }
    return Object.fromEntries(members);
  }

  /** Properties of the value, in their order, and then those that only the schema knows. */
  private keysOf(node: SchemaNode, object: object): readonly string[] {
    const own = Object.keys(object);
    const known = new Set(own);
    return [...own, ...this.tree.names(node, 'properties').filter((name) => !known.has(name))];
  }

  private memberNode(node: SchemaNode, key: string): SchemaNode | null {
    const listed = this.tree.child(node, 'properties', key);
    if (listed) return listed;
    const pattern = this.tree.names(node, 'patternProperties').find((candidate) => new RegExp(candidate, 'u').test(key));
    return pattern === undefined ? this.tree.child(node, 'additionalProperties') : this.tree.child(node, 'patternProperties', pattern);
  }

  private itemNode(node: SchemaNode, index: number): SchemaNode | null {
    return this.tree.child(node, 'prefixItems', String(index)) ?? this.tree.child(node, 'items');
  }
}

function conversionOf(node: SchemaNode): (typeof LIVE_CONVERSIONS)[string] {
  const type = node.schema[LIVE_TYPE];
  return typeof type === 'string' && Object.hasOwn(LIVE_CONVERSIONS, type) ? LIVE_CONVERSIONS[type] : undefined;
}

/** Plain objects and instances of data classes; not what is an object only by its type. */
function isPlainEnough(value: unknown): value is { readonly [key: string]: unknown } {
  return isObject(value) && !(value instanceof Date) && !(value instanceof Map) && !(value instanceof Set) && !ArrayBuffer.isView(value);
}
