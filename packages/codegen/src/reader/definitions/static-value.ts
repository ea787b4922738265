import { ts } from 'ts-morph';

import { constantInitializer } from './constant-initializer.js';

/** What an expression comes to without running it; `known: false` names the part that cannot be told. */
export type StaticValue =
  | { readonly known: true; readonly value: string | number | boolean | null | readonly StaticItem[] }
  | { readonly known: false; readonly node: ts.Expression };
type StaticItem = string | number | boolean | null;

/** Reads literals, templates of literals, lists of those, and constants with a literal type. The checker is asked only for the last. */
export function staticValueOf(expression: ts.Expression, checker: () => ts.TypeChecker): StaticValue {
  const node = unwrap(expression);
  if (ts.isStringLiteralLike(node)) return known(node.text);
  if (ts.isNumericLiteral(node)) return known(Number(node.text));
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
    return known(node.kind === ts.SyntaxKind.TrueKeyword);
  if (node.kind === ts.SyntaxKind.NullKeyword) return known(null);
  if (ts.isTemplateExpression(node)) return templateValue(node, checker);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return sumValue(node, checker);
  if (ts.isArrayLiteralExpression(node)) return listValue(node, checker);
  return constantValue(node, checker());
}

/** The expression without brackets, `as`, `satisfies` and `!`. */
export function unwrap(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  )
    node = node.expression;
  return node;
}

function known(value: (StaticValue & { known: true })['value']): StaticValue {
  return { known: true, value };
}

function templateValue(node: ts.TemplateExpression, checker: () => ts.TypeChecker): StaticValue {
  let text = node.head.text;
  for (const span of node.templateSpans) {
    const part = staticValueOf(span.expression, checker);
    if (!part.known) return part;
    text += String(part.value) + span.literal.text;
  }
  return known(text);
}

function sumValue(node: ts.BinaryExpression, checker: () => ts.TypeChecker): StaticValue {
  const left = staticValueOf(node.left, checker);
  if (!left.known) return left;
  const right = staticValueOf(node.right, checker);
  if (!right.known) return right;
  if (typeof left.value === 'string' || typeof right.value === 'string') return known(`${String(left.value)}${String(right.value)}`);
  return { known: false, node };
}

function listValue(node: ts.ArrayLiteralExpression, checker: () => ts.TypeChecker): StaticValue {
  const values: StaticItem[] = [];
  for (const element of node.elements) {
    const item = staticValueOf(element, checker);
    if (!item.known) return item;
    if (typeof item.value === 'object' && item.value !== null) return { known: false, node: element };
    values.push(item.value);
  }
  return known(values);
}

/** A constant, an enum member or `OPTIONS.name`: what its type says, or what it was initialised with. */
function constantValue(node: ts.Expression, checker: ts.TypeChecker): StaticValue {
  const type = checker.getTypeAtLocation(node);
  if (type.isStringLiteral() || type.isNumberLiteral()) return known(type.value);
  const initializer = constantInitializer(node, checker);
  return initializer ? staticValueOf(initializer, () => checker) : { known: false, node };
}
