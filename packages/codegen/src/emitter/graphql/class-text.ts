import { docComment, stringLiteral } from '../text/code-text.js';
import type { FieldType, GraphqlClass, GraphqlEnum, GraphqlField, ListType, NamedType } from './graphql-model.js';

/** An object literal of expressions, without what is absent. */
export function optionsText(options: { readonly [name: string]: string | undefined }): string {
  const members = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** What the decorators of `@nestjs/graphql` are told of `null`. */
export function fieldOptions({ type, isNullable }: FieldType): { readonly nullable?: string } {
  const hasNullItems = innermost(type).hasNullItems;
  if (hasNullItems) return { nullable: isNullable ? "'itemsAndList'" : "'items'" };
  return isNullable ? { nullable: 'true' } : {};
}

/** A type as the decorators take it: `[String]`. */
export function typeExpression(type: NamedType | ListType): string {
  return type.kind === 'list' ? `[${typeExpression(type.of)}]` : type.name;
}

/** What TypeScript says of the value. */
export function valueTypeOf({ type, isNullable }: FieldType): string {
  return isNullable ? `${valueType(type)} | null | undefined` : valueType(type);
}

function valueType(type: NamedType | ListType): string {
  if (type.kind === 'named') return type.valueType;
  const item = type.hasNullItems ? `${valueType(type.of)} | null` : valueType(type.of);
  return `readonly (${item})[]`;
}

function innermost(type: NamedType | ListType): { readonly hasNullItems: boolean } {
  if (type.kind === 'named') return { hasNullItems: false };
  return type.of.kind === 'list' ? innermost(type.of) : type;
}

/** A class, and for an input which of its fields may be absent and never `null`. */
export function classText({ name, side, description, fields }: GraphqlClass): string {
  const decorator = side === 'input' ? 'InputType' : 'ObjectType';
  const options = description === '' ? '' : optionsText({ description: stringLiteral(description) });
  const members = fields.map((field) => fieldText(field, side)).join('\n');
  const absent = side === 'input' ? `\n${absentText(name, fields)}` : '';
  return `${docComment(description.split('\n'))}@${decorator}(${options})\nexport class ${name} {\n${members}}\n${absent}`;
}

function fieldText({ name, type, description, isDeprecated }: GraphqlField, side: GraphqlClass['side']): string {
  // GraphQL has no deprecated input that must be given.
  const mayBeDeprecated = side === 'output' || type.isNullable;
  const options = optionsText({
    ...fieldOptions(type),
    description: description === '' ? undefined : stringLiteral(description),
    deprecationReason: isDeprecated && mayBeDeprecated ? "'Deprecated.'" : undefined,
  });
  const rest = options === '{}' ? '' : `, ${options}`;
  return `  @Field(() => ${typeExpression(type.type)}${rest})\n  readonly ${name}${type.isNullable ? '?' : '!'}: ${valueTypeOf(type)};\n`;
}

function absentText(name: string, fields: readonly GraphqlField[]): string {
  const absent = fields.filter(({ isAbsentOnly }) => isAbsentOnly).map((field) => stringLiteral(field.name));
  const within = fields.flatMap((field) => (field.classOf === null ? [] : [`${field.name}: () => ${field.classOf}_ABSENT`]));
  const inner = within.length === 0 ? '{}' : `{ ${within.join(', ')} }`;
  return `const ${name}_ABSENT: Absent = { names: [${absent.join(', ')}], within: ${inner} };\n`;
}

export function enumText({ name, description, values }: GraphqlEnum): string {
  const members = values.map((value) => `  ${value}: ${stringLiteral(value)},\n`).join('');
  const about = description === '' ? '' : `, description: ${stringLiteral(description)}`;
  return `export const ${name} = {\n${members}} as const;\nregisterEnumType(${name}, { name: ${stringLiteral(name)}${about} });\n`;
}
