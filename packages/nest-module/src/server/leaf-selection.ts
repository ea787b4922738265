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
  type GraphQLOutputType,
  type SelectionNode,
} from 'graphql';

interface Part {
  /** Under which name its client gets it. */
  readonly key: string;
  /** The property of the object. */
  readonly name: string;
  readonly isRequired: boolean;
}

interface Leaf extends Part {
  readonly type: GraphQLLeafType;
}

/** An object in the object, and what is selected of it. */
interface Branch extends Part {
  readonly parts: readonly Selected[];
}

/** The name of the object's type under another, or the same. */
interface TypeName {
  readonly key: string;
  readonly typeName: string;
}

type Selected = Leaf | Branch | TypeName;

/**
 * What a subscription selects of the objects that it pushes, where that is nothing but leaves, of the object or of objects in
 * it: one object after the other is read without an execution of its own. Holds for types whose fields are properties.
 */
export class LeafSelection {
  private constructor(
    private readonly root: string,
    private readonly parts: readonly Selected[],
  ) {}

  /** `null` where the selection has anything else: fragments, directives, lists, interfaces and unions. */
  static of({ schema, document, operationName }: ExecutionArgs): LeafSelection | null {
    const [root, ...others] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
    if (!root || others.length > 0 || !isPlain(root)) return null;
    const parts = partsOf(schema.getSubscriptionType()?.getFields()[root.name.value]?.type, root);
    return parts && new LeafSelection(keyOf(root), parts);
  }

  /** What an execution gives for the object; `null` where that has errors to tell. */
  read(object: object): Readonly<Record<string, unknown>> | null {
    try {
      const read = readParts(object, this.parts);
      return read && { [this.root]: read };
    } catch {
      return null;
    }
  }
}

/** `null` where something is missing that must be there. */
function readParts(object: object, parts: readonly Selected[]): Readonly<Record<string, unknown>> | null {
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const part of parts) {
    const value = 'typeName' in part ? part.typeName : valueOf(object, part);
    if (value === undefined) return null;
    read[part.key] = value;
  }
  return read;
}

/** `undefined` where there is none and there must be one. */
function valueOf(object: object, part: Leaf | Branch): unknown {
  const value = (object as Readonly<Record<string, unknown>>)[part.name] ?? null;
  if (value === null) return part.isRequired ? undefined : null;
  if ('parts' in part) return typeof value === 'object' ? (readParts(value, part.parts) ?? undefined) : undefined;
  // What serialises to nothing is an error, too.
  return part.type.serialize(value) ?? undefined;
}

/** What is selected of an object of this type; `null` where there is anything that is not simply read. */
function partsOf(of: GraphQLOutputType | undefined, { selectionSet }: FieldNode): readonly Selected[] | null {
  const type = getNullableType(of);
  if (!isObjectType(type)) return null;
  // Whoever asks twice for the same leaf gets it once.
  const parts = new Map<string, Selected>();
  for (const selected of selectionSet?.selections ?? []) {
    const part = isPlain(selected) ? partOf(type, selected) : null;
    if (!part) return null;
    // What is asked of one object in two places belongs together; that is rare.
    if ('parts' in part && parts.has(part.key)) return null;
    parts.set(part.key, part);
  }
  return [...parts.values()];
}

function partOf(of: GraphQLObjectType, selected: FieldNode): Selected | null {
  const key = keyOf(selected);
  const name = selected.name.value;
  if (name === '__typename') return { key, typeName: of.name };
  const field = of.getFields()[name];
  if (!field) return null;
  const type = getNullableType(field.type);
  const isRequired = isNonNullType(field.type);
  if (isLeafType(type)) return { key, name, isRequired, type };
  const parts = partsOf(type, selected);
  return parts && { key, name, isRequired, parts };
}

function isPlain(selected: SelectionNode): selected is FieldNode {
  return selected.kind === Kind.FIELD && !selected.directives?.length;
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
