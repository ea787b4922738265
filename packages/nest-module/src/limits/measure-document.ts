import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

/** How large an operation is once its fragments are expanded. */
export interface Measure {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Measure = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures a document's largest operation in each respect. Each fragment is measured once, so fragments that spread each
 * other twice, twice, twice … cost nothing here, though what they stand for is astronomic.
 */
export function measureDocument(document: DocumentNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const walk = new DocumentWalk(fragments);
  const operations = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => plusDirectives(walk.selections(operation.selectionSet), operation.directives?.length));
  return operations.reduce(largest, NOTHING);
}

class DocumentWalk {
  private readonly measured = new Map<string, Measure>();

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  selections(set: SelectionSetNode | undefined): Measure {
    return (set?.selections ?? [])
      .map((selection) => plusDirectives(this.selection(selection), selection.directives?.length))
      .reduce(together, NOTHING);
  }

  private selection(selection: SelectionNode): Measure {
    switch (selection.kind) {
      case Kind.FIELD: {
        const inside = this.selections(selection.selectionSet);
        return { ...inside, depth: inside.depth + 1, fields: inside.fields + 1, aliases: inside.aliases + (selection.alias ? 1 : 0) };
      }
      case Kind.INLINE_FRAGMENT:
        return this.selections(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(selection.name.value);
    }
  }

  private fragment(name: string): Measure {
    const known = this.measured.get(name);
    if (known) return known;
    // Stands for the fragment inside itself; validation refuses the circle.
    this.measured.set(name, NOTHING);
    const fragment = this.fragments.get(name);
    const measure = fragment ? plusDirectives(this.selections(fragment.selectionSet), fragment.directives?.length) : NOTHING;
    this.measured.set(name, measure);
    return measure;
  }
}

function plusDirectives(measure: Measure, count = 0): Measure {
  return count === 0 ? measure : { ...measure, directives: measure.directives + count };
}

function together(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
  };
}

function largest(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: Math.max(a.fields, b.fields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  };
}
