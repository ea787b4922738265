import { registerEnumType } from '../decorators.js';

/** GraphQL names (upper case) to the values the engine uses. */
export type EnumValues<Value extends string> = { readonly [Name in Uppercase<Underscored<Value>>]: Value };

type Underscored<Text extends string> = Text extends `${infer Head}-${infer Rest}` ? `${Head}_${Underscored<Rest>}` : Text;

/**
 * Registers one of the engine's closed lists as a GraphQL enum. `descriptions` must name every value of the list, so a
 * value added to the engine does not compile here until it is described.
 */
export function registerEnum<Value extends string>(
  name: string,
  description: string,
  descriptions: Readonly<Record<Value, string>>,
): EnumValues<Value> {
  const values = Object.keys(descriptions) as Value[];
  const enumValues = Object.fromEntries(values.map((value) => [nameOf(value), value])) as unknown as EnumValues<Value>;
  const valuesMap = Object.fromEntries(values.map((value) => [nameOf(value), { description: descriptions[value] }])) as unknown as Readonly<
    Record<Uppercase<Underscored<Value>>, { description: string }>
  >;
  registerEnumType(enumValues, { name, description, valuesMap });
  return enumValues;
}

function nameOf(value: string): string {
  return value.replaceAll('-', '_').toUpperCase();
}
