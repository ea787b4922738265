import { ts } from 'ts-morph';

import type { PropertyShape, Shape } from '../../../shape/shape.js';
import { compareByDeclaration } from '../declaration-order.js';
import { document } from '../documentation/document.js';
import { isUndefined, typeNodeOf } from '../type-node.js';
import { itemPlace, propertyPlace, type TypePlace } from '../type-place.js';
import type { TypeRule, TypeWalk } from '../type-rule.js';
import { formOf } from './form-rule.js';
import { referredType } from './taskloom-rule.js';
import { templatePattern } from './template-rule.js';

/** Everything with properties: interfaces, object types, data classes, intersections and mapped types of them. */
export const objectRule: TypeRule = {
  name: 'object',
  read(type, place, walk) {
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return null;
    const refused = refuseClass(type, place, walk);
    if (refused) return refused;
    const properties = walk.checker.getPropertiesOfType(type).filter(hasName).sort(compareByDeclaration);
    return {
      kind: 'object',
      properties: properties.flatMap((property) => readProperty(property, place, walk) ?? []),
      ...readIndexes(type, place, walk),
    };
  },
};

/** Properties named by a symbol never reach JSON; brands are made of them. */
function hasName(property: ts.Symbol): boolean {
  return !property.escapedName.toString().startsWith('__@');
}

/** A class may describe data. What its instances can do, or hide, is lost on the way, so a class with either is refused. */
function refuseClass(type: ts.Type, place: TypePlace, walk: TypeWalk): Shape | null {
  if (!type.symbol || !(type.symbol.flags & ts.SymbolFlags.Class)) return null;
  for (const property of walk.checker.getPropertiesOfType(type)) {
    const declaration = property.valueDeclaration;
    const isHidden =
      declaration !== undefined &&
      (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
    const isBehaviour = (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0;
    const isPrivateName = property.escapedName.toString().startsWith('__#');
    if (isHidden || isBehaviour || isPrivateName)
      return walk.refuse(
        'TYPE_CLASS',
        `is an instance of the class ${type.symbol.name}, which is more than data (${
          declaration
            ?.getText()
            .split(/[({=;]/, 1)[0]
            ?.trim() ?? property.name
        })`,
        place,
      );
  }
  return null;
}

function readProperty(property: ts.Symbol, place: TypePlace, walk: TypeWalk): PropertyShape | null {
  const declaration = property.valueDeclaration ?? property.declarations?.[0];
  const node = declaration ?? place.node;
  const type = walk.checker.getTypeOfSymbolAtLocation(property, node);
  const stored = referredType(type, walk.checker) ?? type;
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(stored);
  // `kind?: never` says that the property is not there, and `undefined` cannot be written.
  if (optional && isNothing(stored)) return null;
  const inner = propertyPlace(place, property.name, node, typeNodeOf(declaration));
  if (property.name === '__proto__') {
    walk.refuse(
      'TYPE_UNSUPPORTED',
      'has a name that is dangerous in JSON and that the engine refuses',
      inner,
      'Give the property another name.',
    );
    return null;
  }
  return { name: property.name, shape: document(walk.read(type, inner), property, inner, walk), optional };
}

function mayBeUndefined(type: ts.Type): boolean {
  return isUndefined(type) || (type.isUnion() && type.types.some(isUndefined));
}

function isNothing(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Never) !== 0 || isUndefined(type) || (type.isUnion() && type.types.every(isNothing));
}

type Indexes = Pick<Extract<Shape, { kind: 'object' }>, 'additional' | 'patterns'>;

/** Index signatures: all other names, or those of a form. */
function readIndexes(type: ts.Type, place: TypePlace, walk: TypeWalk): Indexes {
  const patterns: { pattern: string; shape: Shape }[] = [];
  let additional: Shape | null = null;
  for (const { keyType, type: valueType, declaration } of walk.checker.getIndexInfosOfType(type)) {
    const inner = { ...itemPlace(place, typeNodeOf(declaration)), node: declaration ?? place.node, mayBeAbsent: true };
    // `Record<string, never>`: there are no other names.
    if (keyType.flags & ts.TypeFlags.ESSymbolLike || valueType.flags & ts.TypeFlags.Never) continue;
    const shape = walk.read(valueType, inner);
    if (keyType.flags & ts.TypeFlags.String || formOf(keyType)) additional = shape;
    else patterns.push({ pattern: keyPattern(keyType) ?? '', shape });
  }
  return { additional, ...(patterns.length > 0 ? { patterns } : undefined) };
}

function keyPattern(type: ts.Type): string | null {
  // As JavaScript writes a number that is a property's name.
  if (type.flags & ts.TypeFlags.Number) return '^(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\\.[0-9]*[1-9])$';
  return type.flags & ts.TypeFlags.TemplateLiteral ? templatePattern(type as ts.TemplateLiteralType) : null;
}
