import { ts } from 'ts-morph';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MethodName } from '../definitions/definition-head.js';
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
const INPUT_POSITION = { execute: 0, executeBatch: 0, plan: 1 } as const;

/** The types of the method that a decorated class is run by, its own or inherited, type arguments of base classes filled in. */
export function methodTypes(found: FoundClass, name: MethodName, checker: ts.TypeChecker): MethodTypes | Diagnostic {
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
  const rest = signature.parameters[INPUT_POSITION[name]]?.valueDeclaration;
  if (rest && ts.isParameter(rest) && rest.dotDotDotToken) {
    return diagnostic('TYPE_UNSUPPORTED', `\`${name}\` of ${found.binding} takes its input as a list of all its arguments.`, {
      place: placeOf(rest),
      remedy: 'Take the input as one parameter; the context, where it is used, is the next one.',
    });
  }
  const input = inputType(signature, INPUT_POSITION[name], found, checker);
  const output = outputType(signature, declaration, checker);
  return name === 'executeBatch' ? ofOneTask(found, input, output, checker) : { input, output };
}

/** A batch has lists of inputs and of settled results; each task has one of them. */
function ofOneTask(
  found: FoundClass,
  inputs: MethodType | null,
  results: MethodType | null,
  checker: ts.TypeChecker,
): MethodTypes | Diagnostic {
  const input = inputs && elementType(inputs.type, checker);
  if (inputs && !input) return notABatch(found, inputs.node, 'takes no list of inputs');
  const result = results && elementType(results.type, checker);
  const output = result && settledType(result, results.node, checker);
  if (!output) return notABatch(found, results?.node ?? found.node, 'gives no list of settled results');
  return {
    input: inputs && { ...inputs, type: input!, typeNode: null },
    output: isUndefined(output) ? null : { ...results, type: output, typeNode: null },
  };
}

function notABatch(found: FoundClass, node: ts.Node, what: string): Diagnostic {
  return diagnostic('BATCH_TYPES', `\`executeBatch\` of ${found.binding} ${what}.`, { place: placeOf(node) });
}

function elementType(list: ts.Type, checker: ts.TypeChecker): ts.Type | null {
  return checker.isArrayType(list) || checker.isTupleType(list) ? (checker.getIndexTypeOfType(list, ts.IndexKind.Number) ?? null) : null;
}

/** `T` of `PromiseSettledResult<T>`, or of the part of it that is fulfilled. */
function settledType(result: ts.Type, node: ts.Node, checker: ts.TypeChecker): ts.Type | null {
  const values = (result.isUnion() ? result.types : [result]).flatMap((part) => {
    const value = part.getProperty('value');
    return value && part.getProperty('status') ? [checker.getTypeOfSymbolAtLocation(value, node)] : [];
  });
  return values.length === 1 ? values[0]! : null;
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
