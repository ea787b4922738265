/* What a shape is in GraphQL, before it is written. */

/** A type by its name: a scalar, or a class or enumeration of the generated module. */
export interface NamedType {
  readonly kind: 'named';
  readonly name: string;
  /** What TypeScript calls its values. */
  readonly valueType: string;
}

export interface ListType {
  readonly kind: 'list';
  readonly of: NamedType | ListType;
  readonly hasNullItems: boolean;
}

export interface FieldType {
  readonly type: NamedType | ListType;
  readonly isNullable: boolean;
}

export interface GraphqlField {
  readonly name: string;
  readonly type: FieldType;
  /** Whether the property may be absent, but not `null`: GraphQL does not tell the two apart. */
  readonly isAbsentOnly: boolean;
  /** The class of its value, or of the items of a list of them. */
  readonly classOf: string | null;
  readonly description: string;
  readonly isDeprecated: boolean;
}

export interface GraphqlClass {
  readonly name: string;
  readonly side: 'input' | 'output';
  readonly description: string;
  readonly fields: readonly GraphqlField[];
}

export interface GraphqlEnum {
  readonly name: string;
  readonly description: string;
  readonly values: readonly string[];
}
