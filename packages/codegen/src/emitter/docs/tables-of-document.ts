import type { Annotations } from '../../shape/annotations.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { ObjectShape, Shape, UnionShape } from '../../shape/shape.js';
import type { DocRow, DocTable } from './docs-model.js';
import { rulesOfShape } from './rules-of-shape.js';
import { typeParts } from './type-parts.js';

/** One side as tables: itself first, then the definitions it refers to, in the order they were met. */
export function tablesOfDocument({ root, definitions }: SchemaDocument): readonly DocTable[] {
  return [tableOf(null, root), ...[...definitions].map(([name, shape]) => tableOf(name, shape))];
}

function tableOf(definition: string | null, shape: Shape): DocTable {
  return {
    definition,
    description: descriptionOf(shape.annotations),
    type: typeParts(shape),
    rules: rulesOfShape(shape),
    rows: rowsIn(shape, ''),
  };
}

/** Rows for the properties inside a shape. Objects without a name of their own are opened where they stand. */
function rowsIn(shape: Shape, path: string): DocRow[] {
  switch (shape.kind) {
    case 'object':
      return rowsOfObject(shape, path);
    case 'array':
      return rowsIn(shape.items, `${path}[]`);
    case 'tuple':
      return [
        ...shape.items.flatMap((item, index) => rowsIn(item.shape, `${path}[${index}]`)),
        ...(shape.rest ? rowsIn(shape.rest, `${path}[…]`) : []),
      ];
    case 'converted':
      return rowsIn(shape.wire, path);
    case 'union':
      return rowsOfVariants(shape, path);
    case 'intersection':
      return rowsOfMembers(shape.members.map((member) => rowsIn(member, path)));
    default:
      return [];
  }
}

function rowsOfObject(shape: ObjectShape, path: string): DocRow[] {
  const inner = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const listed = shape.properties.flatMap(({ name, shape: part, optional }) => [
    rowOf(inner(name), part, !optional),
    ...rowsIn(part, inner(name)),
  ]);
  const patterns = (shape.patterns ?? []).flatMap(({ pattern, shape: part }) => {
    const name = inner(`/${pattern}/`);
    return [rowOf(name, part, false), ...rowsIn(part, name)];
  });
  return [...listed, ...patterns, ...rowsOfOthers(shape, inner('*'))];
}

/** A map whose values have nothing to be said of them has said all with its type. */
function rowsOfOthers({ additional, properties, patterns = [] }: ObjectShape, path: string): DocRow[] {
  if (!additional) return [];
  const row = rowOf(path, additional, false);
  const isPlain =
    !row.isDeprecated && row.defaultValue === null && [row.description, row.rules, row.examples].every((list) => list.length === 0);
  const isMap = properties.length + patterns.length === 0;
  return [...(isMap && isPlain ? [] : [row]), ...rowsIn(additional, path)];
}

/** Variants that have a property in common share its row; only what all of them need is needed. */
function rowsOfVariants({ members }: UnionShape, path: string): DocRow[] {
  const variants = members.map((member) => rowsIn(member, path));
  const tags = discriminatorOf(members);
  if (tags) {
    const marked = variants.map((rows, index) =>
      rows.map((row) => ({ ...row, only: row.only ?? { property: tags.property, values: [tags.values[index]!] } })),
    );
    return mergedRows(marked).map(({ row, rows }) => {
      const isRequired = rows.every((one) => one.isRequired);
      const own = rows.filter(({ only }) => only?.property === tags.property);
      // Within a variant there may be further variants, which say more.
      if (own.length < rows.length)
        return { ...row, isRequired: rows.length === 1 && isRequired, only: rows.length === 1 ? row.only : null };
      if (rows.length >= members.length) return { ...row, isRequired, only: null };
      return { ...row, isRequired, only: { property: tags.property, values: own.flatMap(({ only }) => only!.values) } };
    });
  }
  return mergedRows(variants).map(({ row, rows }) => ({
    ...row,
    isRequired: rows.length >= members.length && rows.every(({ isRequired }) => isRequired),
  }));
}

/** What a value of an intersection has is what any of its members has. */
function rowsOfMembers(members: readonly DocRow[][]): DocRow[] {
  return mergedRows(members).map(({ row, rows }) => ({ ...row, isRequired: rows.some(({ isRequired }) => isRequired) }));
}

/** Rows with one path as one, beside the rows it comes of. */
function mergedRows(members: readonly DocRow[][]): { readonly row: DocRow; readonly rows: readonly DocRow[] }[] {
  const byPath = new Map<string, DocRow[]>();
  for (const row of members.flat()) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
  return [...byPath.values()].map((rows) => ({
    rows,
    row: {
      ...rows[0]!,
      type: distinctTypes(rows).flatMap((type, index) => (index === 0 ? type : [{ text: ' | ' }, ...type])),
      description: [...new Set(rows.flatMap(({ description }) => description))],
    },
  }));
}

/** The property that has another literal in each variant, with its values as JSON texts in the order of the variants. */
function discriminatorOf(members: readonly Shape[]): { readonly property: string; readonly values: readonly string[] } | null {
  const [first] = members;
  if (members.length < 2 || first?.kind !== 'object') return null;
  for (const { name } of first.properties) {
    const values = members.flatMap((member) => {
      const part = member.kind === 'object' ? member.properties.find((property) => property.name === name) : undefined;
      return part && !part.optional && part.shape.kind === 'literal' ? [JSON.stringify(part.shape.value)] : [];
    });
    if (values.length === members.length && new Set(values).size === values.length) return { property: name, values };
  }
  return null;
}

function distinctTypes(rows: readonly DocRow[]): DocRow['type'][] {
  return [...new Map(rows.map(({ type }) => [JSON.stringify(type), type])).values()];
}

function rowOf(path: string, shape: Shape, isRequired: boolean): DocRow {
  const { annotations } = shape;
  return {
    path,
    type: typeParts(shape),
    isRequired,
    only: null,
    isDeprecated: annotations?.deprecated ?? false,
    description: descriptionOf(annotations),
    rules: rulesOfShape(shape),
    defaultValue: annotations?.default === undefined ? null : JSON.stringify(annotations.default),
    examples: (annotations?.examples ?? []).map((example) => JSON.stringify(example)),
  };
}

function descriptionOf(annotations: Annotations | undefined): readonly string[] {
  return [annotations?.title, annotations?.description].flatMap((text) => (text === undefined ? [] : linesOf(text)));
}

/** Lines that say something. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
