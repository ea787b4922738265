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

/**
 * What a subscription selects of the objects that it pushes, where that is nothing but leaves: one object after the other is
 * read without an execution of its own. Holds for types whose fields are properties.
 */
export class LeafSelection {
  private constructor(
    private readonly root: string,
    private readonly leaves: readonly Leaf[],
  ) {}

  /** `null` where the selection has anything else: fragments, directives, objects, `__typename`. */
  static of({ schema, document, operationName }: ExecutionArgs): LeafSelection | null {
    const [root, ...others] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
    if (!root || others.length > 0 || !isPlain(root)) return null;
    const type = getNullableType(schema.getSubscriptionType()?.getFields()[root.name.value]?.type);
    if (!isObjectType(type)) return null;
    const fields = type.getFields();
    // Whoever asks twice for the same gets it once.
    const leaves = new Map<string, Leaf>();
    for (const selected of root.selectionSet?.selections ?? []) {
      const field = isPlain(selected) ? fields[selected.name.value] : undefined;
      const leaf = getNullableType(field?.type);
      if (!field || !isLeafType(leaf)) return null;
      const key = keyOf(selected as FieldNode);
      leaves.set(key, { key, name: field.name, type: leaf, isRequired: isNonNullType(field.type) });
    }
    return new LeafSelection(keyOf(root), [...leaves.values()]);
  }

  /** What an execution gives for the object; `null` where that has errors to tell. */
  read(object: object): Readonly<Record<string, unknown>> | null {
    const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    try {
      for (const { key, name, type, isRequired } of this.leaves) {
        const value = (object as Readonly<Record<string, unknown>>)[name] ?? null;
        if (value === null && isRequired) return null;
        read[key] = value === null ? null : type.serialize(value);
      }
    } catch {
      return null;
    }
    return { [this.root]: read };
  }
}

function isPlain(selected: SelectionNode): selected is FieldNode {
  return selected.kind === Kind.FIELD && !selected.directives?.length;
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
