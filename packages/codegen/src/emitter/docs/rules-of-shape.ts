import type { Shape } from '../../shape/shape.js';

/** What a value must keep beyond its type, each rule in a few words. That an integer is safe, as zod has it, goes without saying. */
export function rulesOfShape(shape: Shape): string[] {
  switch (shape.kind) {
    case 'string':
      return [
        ...range(shape.minLength, shape.maxLength, 'character'),
        ...(shape.pattern === undefined ? [] : [`pattern ${shape.pattern}`]),
      ];
    case 'number':
      return [
        ...(shape.minimum === undefined || shape.minimum === Number.MIN_SAFE_INTEGER ? [] : [`at least ${numeral(shape.minimum)}`]),
        ...(shape.exclusiveMinimum === undefined ? [] : [`more than ${numeral(shape.exclusiveMinimum)}`]),
        ...(shape.maximum === undefined || shape.maximum === Number.MAX_SAFE_INTEGER ? [] : [`at most ${numeral(shape.maximum)}`]),
        ...(shape.exclusiveMaximum === undefined ? [] : [`less than ${numeral(shape.exclusiveMaximum)}`]),
        ...(shape.multipleOf === undefined ? [] : [`a multiple of ${numeral(shape.multipleOf)}`]),
      ];
    case 'array':
      return [...range(shape.minItems, shape.maxItems, 'item'), ...(shape.uniqueItems ? ['no item twice'] : [])];
    case 'object':
      return range(shape.minProperties, shape.maxProperties, 'property', 'properties');
    case 'converted':
      return rulesOfShape(shape.wire);
    default:
      return [];
  }
}

function range(minimum: number | undefined, maximum: number | undefined, one: string, many = `${one}s`): string[] {
  const noun = (amount: number): string => `${numeral(amount)} ${amount === 1 ? one : many}`;
  if (minimum !== undefined && minimum === maximum) return [`exactly ${noun(minimum)}`];
  if (minimum !== undefined && maximum !== undefined) return [`${numeral(minimum)} to ${noun(maximum)}`];
  if (minimum !== undefined && minimum > 0) return [`at least ${noun(minimum)}`];
  return maximum === undefined ? [] : [`at most ${noun(maximum)}`];
}

/** 12,000 is read at a glance. */
function numeral(value: number): string {
  return Number.isSafeInteger(value) ? value.toLocaleString('en') : String(value);
}
