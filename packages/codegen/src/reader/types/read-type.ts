import type { ts } from 'ts-morph';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../diagnostics/diagnostic-codes.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { Shape } from '../../shape/shape.js';
import { placeOf } from '../source-place.js';
import { DefinitionTable } from './definition-table.js';
import { document } from './documentation/document.js';
import { STANDARD_RULES } from './standard-rules.js';
import { aliasOf, matchingType } from './type-node.js';
import { typeNameOf } from './type-name.js';
import type { TypePlace } from './type-place.js';
import type { Direction, TypeRule, TypeWalk } from './type-rule.js';

export interface TypeReading {
  readonly document: SchemaDocument;
  /** Any of these and the document is not to be used. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReadTypeRequest {
  readonly type: ts.Type;
  /** Where the type is written or, if it is inferred, where it comes from. */
  readonly node: ts.Node;
  readonly typeNode: ts.TypeNode | null;
  /** For messages: `the input of CountLines`. */
  readonly owner: string;
  readonly direction: Direction;
  readonly checker: ts.TypeChecker;
  /** Asked before the standard ones. */
  readonly rules?: readonly TypeRule[];
}

/** The shape of a TypeScript type. What has no JSON meaning is a diagnostic, never a guess. */
export function readType(request: ReadTypeRequest): TypeReading {
  return new Walk(request).run();
}

/** Types nested deeper than this without a name of their own go on for ever. */
const MAX_DEPTH = 100;
/** So do generic types that contain themselves this often, each time with other type arguments. */
const MAX_OPEN_INSTANTIATIONS = 10;

class Walk implements TypeWalk {
  readonly checker: ts.TypeChecker;
  readonly direction: Direction;
  private readonly definitions = new DefinitionTable<ts.Type>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly checks: ((definitions: ReadonlyMap<string, Shape>) => void)[] = [];
  private readonly rules: readonly TypeRule[];
  /** How many types of one declaration are being read, each inside the other. */
  private readonly open = new Map<ts.Symbol, number>();
  private isEndless = false;

  constructor(private readonly request: ReadTypeRequest) {
    this.checker = request.checker;
    this.direction = request.direction;
    this.rules = [...(request.rules ?? []), ...STANDARD_RULES];
  }

  run(): TypeReading {
    const { type, node, typeNode } = this.request;
    const read = this.read(type, { node, typeNode, path: '', depth: 0, mayBeAbsent: false });
    // The root stands by itself, unless it refers to itself.
    const root =
      read.kind === 'ref' && !read.annotations && this.definitions.isReferredToOnce(read.to) ? this.definitions.take(read.to) : read;
    const definitions = this.definitions.all();
    for (const check of this.checks) check(definitions);
    return { document: { root, definitions, given: null }, diagnostics: this.diagnostics };
  }

  read(type: ts.Type, place: TypePlace): Shape {
    if (this.isEndless) return { kind: 'never' };
    if (place.depth > MAX_DEPTH) return this.refuseEndless(place);
    const actual = matchingType(place.typeNode, type, this.checker) ?? type;
    const named = typeNameOf(actual, this.checker);
    const shape = named
      ? this.define(actual, named.name, () => this.readNamed(actual, named.symbol, place))
      : this.applyRules(actual, place);
    return shape.kind === 'ref' ? shape : this.documentAliases(shape, actual, place);
  }

  private readNamed(type: ts.Type, symbol: ts.Symbol, place: TypePlace): Shape {
    const open = this.open.get(symbol) ?? 0;
    if (open >= MAX_OPEN_INSTANTIATIONS) return this.refuseEndless(place);
    this.open.set(symbol, open + 1);
    const shape = document(this.applyRules(type, place), symbol, place, this);
    this.open.set(symbol, open);
    return shape;
  }

  /** Said once: everything around it would say the same. */
  private refuseEndless(place: TypePlace): Shape {
    const shape = this.refuse('TYPE_TOO_DEEP', 'goes on without end, each time with a new type', place);
    this.isEndless = true;
    return shape;
  }

  define(type: ts.Type, name: string, read: () => Shape): Shape {
    return this.definitions.define(type, name, read);
  }

  refuse(code: DiagnosticCode, message: string, place: TypePlace, remedy: string = DIAGNOSTIC_CODES[code].remedy): Shape {
    const what = place.path === '' ? this.request.owner : `\`${shortened(place.path)}\` in ${this.request.owner}`;
    const sentence = `${what[0]!.toUpperCase()}${what.slice(1)} ${message}.`;
    // A type that the compiler refuses too is a mistake, and no schema makes it good.
    const otherwise = code === 'TYPE_UNRESOLVED' ? '' : ` Or give the class an \`${this.direction}\` schema.`;
    this.diagnostics.push(diagnostic(code, sentence, { place: placeOf(place.node), remedy: `${remedy}${otherwise}` }));
    return { kind: 'never' };
  }

  later(check: (definitions: ReadonlyMap<string, Shape>) => void): void {
    this.checks.push(check);
  }

  complain(code: DiagnosticCode, message: string, node: ts.Node): void {
    this.diagnostics.push(diagnostic(code, message, { place: placeOf(node) }));
  }

  private applyRules(type: ts.Type, place: TypePlace): Shape {
    for (const rule of this.rules) {
      const shape = rule.read(type, place, this);
      if (shape) return shape;
    }
    return this.refuse('TYPE_UNSUPPORTED', `has the type ${this.checker.typeToString(type)}`, place);
  }

  /** `type Bytes = number` leaves nothing of `Bytes` in the type, but its comment still holds where `Bytes` was written. */
  private documentAliases(shape: Shape, type: ts.Type, place: TypePlace): Shape {
    const aliases: ts.Symbol[] = [];
    for (let alias = place.typeNode && aliasOf(place.typeNode, this.checker); alias; alias = aliasOf(alias.type, this.checker)) {
      const symbol = this.checker.getSymbolAtLocation(alias.name);
      if (symbol && symbol !== type.aliasSymbol) aliases.unshift(symbol);
    }
    return aliases.reduce((documented, symbol) => document(documented, symbol, place, this), shape);
  }
}

function shortened(path: string): string {
  return path.length <= 80 ? path : `${path.slice(0, 30)}…${path.slice(-30)}`;
}
