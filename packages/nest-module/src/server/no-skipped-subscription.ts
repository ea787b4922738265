import { GraphQLError, Kind, OperationTypeNode, type SelectionNode, type ValidationRule } from 'graphql';

const SKIPS: ReadonlySet<string> = new Set(['skip', 'include']);

/** Refuses a subscription that could come out without a field: there would be nothing to subscribe to, and graphql-js breaks on it. */
export const noSkippedSubscription: ValidationRule = (context) => {
  const check = (selection: SelectionNode, seen: Set<string>): void => {
    for (const directive of selection.directives ?? [])
      if (SKIPS.has(directive.name.value))
        context.reportError(
          new GraphQLError(
            `\`@${directive.name.value}\` cannot stand on the field of a subscription: there would be nothing to subscribe to.`,
            {
              nodes: directive,
            },
          ),
        );
    if (selection.kind === Kind.INLINE_FRAGMENT) for (const inner of selection.selectionSet.selections) check(inner, seen);
    if (selection.kind !== Kind.FRAGMENT_SPREAD || seen.has(selection.name.value)) return;
    seen.add(selection.name.value);
    for (const inner of context.getFragment(selection.name.value)?.selectionSet.selections ?? []) check(inner, seen);
  };
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== OperationTypeNode.SUBSCRIPTION) return;
      for (const selection of selectionSet.selections) check(selection, new Set());
    },
  };
};
