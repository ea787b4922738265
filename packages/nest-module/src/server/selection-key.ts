import { Kind, print, visit, type ASTNode, type DocumentNode, type ExecutionArgs } from 'graphql';

/**
 * What of an operation tells how an object that it pushes will look: what is selected, and variables of directives. Arguments
 * of the subscription itself tell which objects are pushed, and are left out. Holds for types whose fields take no arguments.
 */
export function selectionKey({ document, operationName, variableValues }: ExecutionArgs): string {
  const operation = withoutOthers(document, operationName);
  const names = directiveVariables(operation);
  const selected = visit(operation, {
    OperationDefinition: (node) => ({
      ...node,
      name: undefined,
      variableDefinitions: node.variableDefinitions?.filter(({ variable }) => names.has(variable.name.value)),
      selectionSet: {
        ...node.selectionSet,
        selections: node.selectionSet.selections.map((root) => (root.kind === Kind.FIELD ? { ...root, arguments: [] } : root)),
      },
    }),
  });
  return `${print(selected)}\n${JSON.stringify([...names].map((name) => variableValues?.[name] ?? null))}`;
}

function withoutOthers(document: DocumentNode, name: string | null | undefined): DocumentNode {
  if (!name) return document;
  const definitions = document.definitions.filter(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.name?.value === name,
  );
  return { ...document, definitions };
}

function directiveVariables(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: ASTNode): void => void visit(node, { Variable: ({ name }) => void names.add(name.value) });
  visit(document, { Directive: (directive) => collect(directive) });
  return names;
}
