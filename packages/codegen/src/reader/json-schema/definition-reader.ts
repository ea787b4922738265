import type { Json, JsonObject } from '@taskloom/core';

import type { Shape } from '../../shape/shape.js';
import { objectOf } from './keyword-values.js';

type ReadSchema = (schema: Json | undefined, definitions: DefinitionReader) => Shape;

/** The definitions a JSON Schema refers to within itself, each read once, when it is first referred to. */
export class DefinitionReader {
  /** How the whole schema is called where it refers to itself. */
  readonly rootName: string;
  private readonly shapes = new Map<string, Shape | null>();
  private readonly referenced = new Set<string>();

  constructor(
    private readonly schema: JsonObject,
    private readonly read: ReadSchema,
  ) {
    const names = new Set([...Object.keys(objectOf(schema['$defs']) ?? {}), ...Object.keys(objectOf(schema['definitions']) ?? {})]);
    let root = 'Self';
    while (names.has(root)) root += '_';
    this.rootName = root;
  }

  /** A reference as a shape. One that leads out of the schema, or nowhere, is read as any value. */
  refer(ref: string): Shape {
    this.referenced.add(ref);
    if (ref === '#') return { kind: 'ref', to: this.rootName };
    const name = nameIn(ref);
    if (name === null) return { kind: 'any' };
    if (!this.shapes.has(name)) {
      const found = this.find(name);
      if (found === undefined) return { kind: 'any' };
      // Before it is read, so that recursion ends here.
      this.shapes.set(name, null);
      this.shapes.set(name, this.read(found, this));
    }
    return { kind: 'ref', to: name };
  }

  isReferenced(ref: string): boolean {
    return this.referenced.has(ref);
  }

  /** Every definition that was referred to, and the root under its own name where it refers to itself. */
  all(root: Shape): ReadonlyMap<string, Shape> {
    const all = new Map<string, Shape>();
    if (this.isReferenced('#')) all.set(this.rootName, root);
    for (const [name, shape] of this.shapes) if (shape) all.set(name, shape);
    return all;
  }

  private find(name: string): Json | undefined {
    for (const keyword of ['$defs', 'definitions'] as const) {
      const definitions = objectOf(this.schema[keyword]);
      if (definitions && Object.hasOwn(definitions, name)) return definitions[name];
    }
    return undefined;
  }
}

function nameIn(ref: string): string | null {
  const match = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1]!).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return null;
  }
}
