import type { Annotations } from '../../shape/annotations.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { ObjectShape, Shape } from '../../shape/shape.js';
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
  const others = shape.additional ? [rowOf(inner('*'), shape.additional, false), ...rowsIn(shape.additional, inner('*'))] : [];
  return [...listed, ...patterns, ...others];
}

/** Members of a union that have a property in common share its row; only what all of them need is needed. */
function rowsOfMembers(members: readonly DocRow[][]): DocRow[] {
  const byPath = new Map<string, DocRow[]>();
  for (const row of members.flat()) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
  return [...byPath.values()].map((rows) => ({
    ...rows[0]!,
    type: distinctTypes(rows).flatMap((type, index) => (index === 0 ? type : [{ text: ' | ' }, ...type])),
    isRequired: rows.length >= members.length && rows.every(({ isRequired }) => isRequired),
    description: [...new Set(rows.flatMap(({ description }) => description))],
  }));
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
