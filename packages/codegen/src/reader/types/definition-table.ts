import type { Shape } from '../../shape/shape.js';

interface Definition {
  readonly name: string;
  shape: Shape | null;
  references: number;
}

/** Shapes with a name of their own, by what they were made from. A definition may refer to itself while it is read. */
export class DefinitionTable<Key> {
  private readonly byKey = new Map<Key, Definition>();
  private readonly names = new Set<string>();

  /** A reference to the definition of `key`; it is read when it is first asked for. What is too small for a name is given as it is. */
  define(key: Key, name: string, read: () => Shape): Shape {
    const known = this.byKey.get(key);
    if (known) {
      known.references += 1;
      return { kind: 'ref', to: known.name };
    }
    const definition: Definition = { name: this.freeName(name), shape: null, references: 0 };
    this.byKey.set(key, definition);
    definition.shape = read();
    if (definition.references === 0 && !deservesName(definition.shape)) {
      this.forget(key, definition);
      return definition.shape;
    }
    definition.references += 1;
    return { kind: 'ref', to: definition.name };
  }

  isReferredToOnce(name: string): boolean {
    return this.find(name)?.[1].references === 1;
  }

  /** Removes a definition and gives its shape. */
  take(name: string): Shape {
    const [key, definition] = this.find(name)!;
    this.forget(key, definition);
    return definition.shape!;
  }

  all(): ReadonlyMap<string, Shape> {
    return new Map([...this.byKey.values()].map(({ name, shape }) => [name, shape!]));
  }

  private find(name: string): [Key, Definition] | undefined {
    return [...this.byKey].find(([, definition]) => definition.name === name);
  }

  private forget(key: Key, definition: Definition): void {
    this.byKey.delete(key);
    this.names.delete(definition.name);
  }

  private freeName(name: string): string {
    let free = name;
    for (let count = 2; this.names.has(free); count += 1) free = `${name}${count}`;
    this.names.add(free);
    return free;
  }
}

/** Objects, unions and enumerations are worth a definition; a text with a pattern is not. */
function deservesName(shape: Shape): boolean {
  return (
    shape.kind === 'object' || shape.kind === 'union' || shape.kind === 'enum' || shape.kind === 'intersection' || shape.kind === 'tuple'
  );
}
