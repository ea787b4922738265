import {
  getNullableType,
  getOperationAST,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type ExecutionArgs,
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type SelectionNode,
} from 'graphql';

interface Leaf {
  /** Under which name its client gets it. */
  readonly key: string;
  /** The property of the object. */
  readonly name: string;
  readonly type: GraphQLLeafType;
  readonly isRequired: boolean;
}

/** The name of the object's type under another, or the same. */
interface TypeName {
  readonly key: string;
  readonly typeName: string;
}

/**
 * What a subscription selects of the objects that it pushes, where that is nothing but leaves: one object after the other is
 * read without an execution of its own. Holds for types whose fields are properties.
 */
export class LeafSelection {
  private constructor(
    private readonly root: string,
    private readonly leaves: readonly (Leaf | TypeName)[],
  ) {}

  /** `null` where the selection has anything else: fragments, directives, objects, lists. */
  static of({ schema, document, operationName }: ExecutionArgs): LeafSelection | null {
    const [root, ...others] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
    if (!root || others.length > 0 || !isPlain(root)) return null;
    const type = getNullableType(schema.getSubscriptionType()?.getFields()[root.name.value]?.type);
    if (!isObjectType(type)) return null;
    // Whoever asks twice for the same gets it once.
    const leaves = new Map<string, Leaf | TypeName>();
    for (const selected of root.selectionSet?.selections ?? []) {
      const leaf = isPlain(selected) ? leafOf(type, selected) : null;
      if (!leaf) return null;
      leaves.set(leaf.key, leaf);
    }
    return new LeafSelection(keyOf(root), [...leaves.values()]);
  }

  /** What an execution gives for the object; `null` where that has errors to tell. */
  read(object: object): Readonly<Record<string, unknown>> | null {
    const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    try {
      for (const leaf of this.leaves) {
        const value = 'typeName' in leaf ? leaf.typeName : valueOf(object, leaf);
        if (value === undefined) return null;
        read[leaf.key] = value;
      }
    } catch {
      return null;
    }
    return { [this.root]: read };
  }
}

/** `undefined` where there is none and there must be one. */
function valueOf(object: object, { name, type, isRequired }: Leaf): unknown {
  const value = (object as Readonly<Record<string, unknown>>)[name] ?? null;
  // What serialises to nothing is an error, too.
  if (value !== null) return type.serialize(value) ?? undefined;
  return isRequired ? undefined : null;
}

function leafOf(of: GraphQLObjectType, selected: FieldNode): Leaf | TypeName | null {
  const key = keyOf(selected);
  const name = selected.name.value;
  if (name === '__typename') return { key, typeName: of.name };
  const field = of.getFields()[name];
  const type = getNullableType(field?.type);
  return field && isLeafType(type) ? { key, name, type, isRequired: isNonNullType(field.type) } : null;
}

function isPlain(selected: SelectionNode): selected is FieldNode {
  return selected.kind === Kind.FIELD && !selected.directives?.length;
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
