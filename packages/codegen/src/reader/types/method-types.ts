import { ts } from 'ts-morph';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { FoundClass } from '../definitions/found-definition.js';
import { placeOf } from '../source-place.js';
import { isUndefined } from './type-node.js';

/** A type that a schema is derived from, and how it was written if it was. */
export interface MethodType {
  readonly type: ts.Type;
  readonly node: ts.Node;
  readonly typeNode: ts.TypeNode | null;
}

/** What goes into `execute` or `plan`, and what comes out. `null` stands for nothing. */
export interface MethodTypes {
  readonly input: MethodType | null;
  readonly output: MethodType | null;
}

/** Where the input stands among a method's parameters. */
const INPUT_POSITION = { agent: 0, workflow: 1 } as const;

/** The types of the method that a decorated class is run by, its own or inherited, type arguments of base classes filled in. */
export function methodTypes(found: FoundClass, checker: ts.TypeChecker): MethodTypes | Diagnostic {
  const name = found.kind === 'agent' ? 'execute' : 'plan';
  const method = checker.getTypeAtLocation(found.node).getProperty(name)!;
  const declaration = method.valueDeclaration ?? found.node;
  const signatures = checker.getTypeOfSymbolAtLocation(method, found.node).getCallSignatures();
  const [signature] = signatures;
  if (!signature || signatures.length > 1) {
    return diagnostic('TYPE_OVERLOADED', `\`${name}\` of ${found.binding} has ${signatures.length} signatures.`, {
      place: placeOf(declaration),
    });
  }
  if (signature.typeParameters && signature.typeParameters.length > 0) {
    return diagnostic('TYPE_PARAMETER', `\`${name}\` of ${found.binding} has type parameters of its own.`, { place: placeOf(declaration) });
  }
  return { input: inputType(signature, INPUT_POSITION[found.kind], found, checker), output: outputType(signature, declaration, checker) };
}

function inputType(signature: ts.Signature, position: number, found: FoundClass, checker: ts.TypeChecker): MethodType | null {
  const parameter = signature.parameters[position];
  if (!parameter) return null;
  const declaration = parameter.valueDeclaration;
  const node = declaration ?? found.node;
  const type = checker.getTypeOfSymbolAtLocation(parameter, found.node);
  return { type, node, typeNode: declaration && ts.isParameter(declaration) ? (declaration.type ?? null) : null };
}

function outputType(signature: ts.Signature, declaration: ts.Declaration, checker: ts.TypeChecker): MethodType | null {
  const returned = signature.getReturnType();
  const type = checker.getAwaitedType(returned) ?? returned;
  if (isUndefined(type)) return null;
  const typeNode = ts.isMethodDeclaration(declaration) ? (declaration.type ?? null) : null;
  const node = typeNode ?? (ts.isMethodDeclaration(declaration) ? declaration.name : declaration);
  return { type, node, typeNode: typeNode && awaitedNode(typeNode) };
}

/** `T` of a written `Promise<T>`. */
function awaitedNode(node: ts.TypeNode): ts.TypeNode | null {
  const isPromise = ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && node.typeName.text === 'Promise';
  return isPromise ? (node.typeArguments?.[0] ?? null) : node;
}
