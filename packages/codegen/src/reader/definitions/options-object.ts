import { ts } from 'ts-morph';

import { constantInitializer } from './constant-initializer.js';
import { unwrap } from './static-value.js';

/** How many constants are followed before they are taken for a circle. */
const MAX_DEPTH = 8;

/** What is known of one property of the options without running the program. */
export type OptionExpression =
  /** Written there. */
  | { readonly kind: 'given'; readonly expression: ts.Expression }
  /** Surely not there. */
  | { readonly kind: 'absent' }
  /** It may come from a spread, or from an object that is made elsewhere. */
  | { readonly kind: 'unknown'; readonly node: ts.Node };

/** The options of a decorator as an object literal, with constants and spreads followed as far as they can be. */
export class OptionsObject {
  constructor(
    private readonly options: ts.Expression | null,
    private readonly checker: () => ts.TypeChecker,
  ) {}

  get(name: string): OptionExpression {
    return this.options ? this.find(this.options, name, 0) : { kind: 'absent' };
  }

  private find(expression: ts.Expression, name: string, depth: number): OptionExpression {
    const node = unwrap(expression);
    if (ts.isObjectLiteralExpression(node)) return this.findInLiteral(node, name, depth);
    const initializer = depth < MAX_DEPTH ? constantInitializer(node, this.checker()) : null;
    return initializer ? this.find(initializer, name, depth + 1) : { kind: 'unknown', node };
  }

  /** The last one counts, as it does at run time. */
  private findInLiteral(literal: ts.ObjectLiteralExpression, name: string, depth: number): OptionExpression {
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const found = this.find(property.expression, name, depth + 1);
        if (found.kind !== 'absent') return found;
      } else if (property.name && nameText(property.name) === name) {
        if (ts.isPropertyAssignment(property))
          return isUndefined(property.initializer) ? { kind: 'absent' } : { kind: 'given', expression: property.initializer };
        if (ts.isShorthandPropertyAssignment(property)) return { kind: 'given', expression: property.name };
        return { kind: 'unknown', node: property };
      } else if (property.name && ts.isComputedPropertyName(property.name) && nameText(property.name) === null) {
        return { kind: 'unknown', node: property };
      }
    }
    return { kind: 'absent' };
  }
}

function nameText(name: ts.PropertyName): string | null {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : null;
}

function isUndefined(expression: ts.Expression): boolean {
  const node = unwrap(expression);
  return ts.isIdentifier(node) && node.text === 'undefined';
}
