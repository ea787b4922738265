import type { TypeRule } from '@taskloom/codegen';

/**
 * `type Money = string & { readonly money: unique symbol }` is text at run time, and the generator reads it as any text.
 * This rule says which text: `12.50 EUR`.
 */
export const moneyRule: TypeRule = {
  name: 'money',
  read(type, place, walk) {
    if (type.aliasSymbol?.name !== 'Money') return null;
    if (!type.isIntersection())
      return walk.refuse('TYPE_UNSUPPORTED', 'is called Money and is not the branded text', place, 'Import Money.');
    return {
      kind: 'string',
      pattern: '^-?[0-9]+\\.[0-9]{2} [A-Z]{3}$',
      annotations: { description: 'An amount of money.', examples: ['12.50 EUR'] },
    };
  },
};
