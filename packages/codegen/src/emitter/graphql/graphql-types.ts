import type { Annotations } from '../../shape/annotations.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { NumberShape, ObjectShape, Shape } from '../../shape/shape.js';
import { annotationLines } from '../typescript/annotation-lines.js';
import { stringLiteral } from '../text/code-text.js';
import { typeNameOf } from '../text/identifiers.js';
import type { FieldType, GraphqlClass, GraphqlEnum, GraphqlField, ListType, NamedType } from './graphql-model.js';

/** Names of GraphQL. Those with two underscores are its own. */
const NAME = /^(?!__)[_A-Za-z][_A-Za-z0-9]*$/;
const NO_ENUM_VALUES: ReadonlySet<string> = new Set(['true', 'false', 'null']);
/** TypeScript has no field of that name in a class. */
const NO_FIELDS: ReadonlySet<string> = new Set(['constructor']);
const INT_MAX = 2 ** 31 - 1;

const STRING = named('String', 'string');
const INT = named('Int', 'number');
const FLOAT = named('Float', 'number');
const BOOLEAN = named('Boolean', 'boolean');
export const JSON_SCALAR = named('Json', 'unknown');

/** The types of one side of a workflow, and the classes and enumerations they need. What GraphQL cannot say is `Json`. */
export class GraphqlTypes {
  readonly classes: GraphqlClass[] = [];
  readonly enums: GraphqlEnum[] = [];
  private readonly byDefinition = new Map<string, FieldType>();

  /**
   * @param owner the name of the side: `RepositoryReportInput`
   * @param taken names that there are already; new ones are added
   */
  constructor(
    private readonly document: SchemaDocument,
    private readonly side: 'input' | 'output',
    private readonly owner: string,
    private readonly taken: Set<string>,
  ) {}

  root(): FieldType {
    return this.typeOf(this.document.root, this.owner);
  }

  private typeOf(shape: Shape, name: string): FieldType {
    switch (shape.kind) {
      case 'string':
        return required(STRING);
      case 'boolean':
        return required(BOOLEAN);
      case 'number':
        return required(isInt(shape) ? INT : FLOAT);
      case 'literal':
        return required(scalarOf(shape.value));
      case 'enum':
        return this.enumType(shape.values, shape.annotations, name);
      case 'array':
        return this.listType(shape.items, name);
      case 'object':
        return required(this.objectType(shape, name));
      case 'converted':
        return this.typeOf(shape.wire, name);
      case 'ref':
        return this.definitionType(shape.to);
      case 'union':
        return this.unionType(shape.members, name);
      default:
        return { type: JSON_SCALAR, isNullable: shape.kind === 'any' };
    }
  }

  /** A definition is named before it is read: it may refer to itself. */
  private definitionType(definition: string): FieldType {
    const known = this.byDefinition.get(definition);
    if (known) return known;
    const shape = this.document.definitions.get(definition) ?? { kind: 'any' };
    const name = this.owner + typeNameOf(definition);
    if (shape.kind !== 'object' || !isClass(shape)) {
      // Recursion that goes through no object of its own has no counterpart.
      this.byDefinition.set(definition, { type: JSON_SCALAR, isNullable: true });
      const type = this.typeOf(shape, name);
      this.byDefinition.set(definition, type);
      return type;
    }
    const free = this.free(name);
    const type = required(named(free, `Readonly<${free}>`));
    this.byDefinition.set(definition, type);
    this.addClass(shape, free);
    return type;
  }

  private objectType(shape: ObjectShape, name: string): NamedType {
    if (!isClass(shape)) return JSON_SCALAR;
    const free = this.free(name);
    this.addClass(shape, free);
    return named(free, `Readonly<${free}>`);
  }

  private addClass(shape: ObjectShape, name: string): void {
    const place = this.classes.length;
    const fields = shape.properties.map(({ name: property, shape: part, optional }): GraphqlField => {
      const found = this.typeOf(part, name + typeNameOf(property));
      return {
        name: property,
        type: { type: found.type, isNullable: found.isNullable || optional },
        isAbsentOnly: optional && !found.isNullable,
        classOf: this.classIn(found.type),
        description: annotationLines({ ...part.annotations, deprecated: false }).join('\n'),
        isDeprecated: part.annotations?.deprecated ?? false,
      };
    });
    this.classes.splice(place, 0, { name, side: this.side, description: describe(shape.annotations), fields });
  }

  /** The class of a value, or of the items of a list of them; `null` for scalars and enumerations. */
  classIn(type: NamedType | ListType): string | null {
    if (type.kind === 'list') return this.classIn(type.of);
    return type.valueType === `Readonly<${type.name}>` ? type.name : null;
  }

  private listType(items: Shape, name: string): FieldType {
    const { type, isNullable } = this.typeOf(items, name);
    // Only the innermost items of a list may be said to be null.
    if (type.kind === 'list' && (type.hasNullItems || isNullable)) return required(JSON_SCALAR);
    return required({ kind: 'list', of: type, hasNullItems: isNullable });
  }

  private enumType(values: readonly unknown[], annotations: Annotations | undefined, name: string): FieldType {
    const texts = values.filter((value) => typeof value === 'string');
    const isNullable = values.includes(null);
    if (texts.length + (isNullable ? 1 : 0) < values.length || texts.length === 0) return { type: scalarOf(...values), isNullable };
    if (!texts.every((value) => NAME.test(value) && !NO_ENUM_VALUES.has(value))) return { type: STRING, isNullable };
    const free = this.free(name);
    this.enums.push({ name: free, description: describe(annotations), values: texts });
    return { type: named(free, texts.map(stringLiteral).join(' | ')), isNullable };
  }

  private unionType(members: readonly Shape[], name: string): FieldType {
    const others = members.filter(({ kind }) => kind !== 'null');
    const isNullable = others.length < members.length;
    if (others.length === 1) {
      const { type, ...rest } = this.typeOf(others[0]!, name);
      return { type, isNullable: isNullable || rest.isNullable };
    }
    const scalars = others.map((member) => this.scalarName(member));
    const [first] = scalars;
    if (scalars.every((scalar) => scalar === first)) return { type: first ?? JSON_SCALAR, isNullable };
    return { type: scalars.every((scalar) => scalar?.valueType === 'number') ? FLOAT : JSON_SCALAR, isNullable };
  }

  /** The scalar of a member of a union, `null` where it is none. */
  private scalarName(shape: Shape): NamedType | null {
    switch (shape.kind) {
      case 'string':
        return STRING;
      case 'boolean':
        return BOOLEAN;
      case 'number':
        return isInt(shape) ? INT : FLOAT;
      case 'literal':
        return scalarOf(shape.value);
      case 'enum':
        return scalarOf(...shape.values);
      case 'converted':
        return this.scalarName(shape.wire);
      default:
        return null;
    }
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count += 1) name = `${wanted}${count}`;
    this.taken.add(name);
    return name;
  }
}

function named(name: string, valueType: string): NamedType {
  return { kind: 'named', name, valueType };
}

function required(type: NamedType | ListType): FieldType {
  return { type, isNullable: false };
}

/** Whether an object has fields that GraphQL can name, and nothing else. */
function isClass({ properties, patterns, additional }: ObjectShape): boolean {
  const isClosed = additional === null && (patterns ?? []).length === 0;
  return isClosed && properties.length > 0 && properties.every(({ name }) => NAME.test(name) && !NO_FIELDS.has(name));
}

/** The scalar that all values are of. */
function scalarOf(...values: readonly unknown[]): NamedType {
  if (values.every((value) => typeof value === 'string')) return STRING;
  if (values.every((value) => typeof value === 'number')) return FLOAT;
  return values.every((value) => typeof value === 'boolean') ? BOOLEAN : JSON_SCALAR;
}

/** An `Int` has 32 bits, so only what is sure to fit is one. */
function isInt({ integer, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberShape): boolean {
  const lowest = minimum ?? exclusiveMinimum ?? -Infinity;
  const highest = maximum ?? exclusiveMaximum ?? Infinity;
  return integer === true && lowest >= -INT_MAX && highest <= INT_MAX;
}

function describe(annotations: Annotations | undefined): string {
  return annotationLines(annotations).join('\n');
}
