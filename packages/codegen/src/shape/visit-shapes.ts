import type { Shape } from './shape.js';

/** Calls `visit` with a shape and everything in it; each definition is entered once. */
export function visitShapes(
  shape: Shape,
  definitions: ReadonlyMap<string, Shape>,
  visit: (shape: Shape) => void,
  entered: Set<string> = new Set(),
): void {
  visit(shape);
  if (shape.kind === 'ref') {
    const target = definitions.get(shape.to);
    if (!target || entered.has(shape.to)) return;
    entered.add(shape.to);
    visitShapes(target, definitions, visit, entered);
    return;
  }
  for (const part of partsOf(shape)) visitShapes(part, definitions, visit, entered);
}

/** The shapes directly inside a shape. */
export function partsOf(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case 'array':
      return [shape.items];
    case 'tuple':
      return [...shape.items.map((item) => item.shape), ...(shape.rest ? [shape.rest] : [])];
    case 'object':
      return [
        ...shape.properties.map((property) => property.shape),
        ...(shape.patterns ?? []).map((pattern) => pattern.shape),
        ...(shape.additional ? [shape.additional] : []),
        ...(shape.propertyNames ? [shape.propertyNames] : []),
      ];
    case 'union':
    case 'intersection':
      return shape.members;
    case 'converted':
      return [shape.wire];
    default:
      return [];
  }
}
