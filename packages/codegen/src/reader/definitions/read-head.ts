import { isName, NAME_RULE } from '@taskloom/core/internal';
import { ts } from 'ts-morph';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { placeOf } from '../source-place.js';
import type { DefinitionHead, HeadValue, MethodName, SideSource } from './definition-head.js';
import type { FoundDefinition } from './found-definition.js';
import { OptionsObject } from './options-object.js';
import { staticValueOf } from './static-value.js';

export type HeadResult = { readonly head: DefinitionHead } | { readonly problem: Diagnostic };

/** Reads a definition's options as far as they stand in the sources. Its name must; the rest may wait until the module is loaded. */
export function readHead(found: FoundDefinition, checker: () => ts.TypeChecker): HeadResult {
  const options = new OptionsObject(found.options, checker);
  const bindingNode = found.node.name ?? found.node;
  const isSubscriber = found.maker === 'PubSubAgent' || found.maker === 'definePubSubAgent';
  const name = readName(found, options, checker, bindingNode);
  if ('problem' in name) return name;
  const method = methodOf(found, options);
  const methodProblem = found.form === 'class' ? missingMethod(found, found.node, method, checker) : null;
  if (methodProblem) return { problem: methodProblem };
  return {
    head: {
      found,
      name: name.value,
      place: name.place,
      description: readText(options, 'description', checker, documentationOf(found)),
      version: readText(options, 'version', checker, null),
      capabilities: readList(options, 'capabilities', checker),
      // The schemas of messages follow from the topics, which are known once the module is loaded.
      input: isSubscriber ? { ...sideSource(options, 'subscribes', bindingNode), given: 'yes' } : sideSource(options, 'input', bindingNode),
      output: isSubscriber ? { given: 'yes', node: bindingNode } : sideSource(options, 'output', bindingNode),
      publishes: sideSource(options, 'publishes', bindingNode),
      isSubscriber,
      method,
    },
  };
}

function methodOf({ kind, form, node }: FoundDefinition, options: OptionsObject): MethodName {
  if (kind === 'workflow') return 'plan';
  const batch = options.get('batch');
  // Options that are made elsewhere tell nothing; then it is whichever the class has.
  if (batch.kind === 'unknown' && form === 'class')
    return !hasMember(node, 'execute') && hasMember(node, 'executeBatch') ? 'executeBatch' : 'execute';
  return batch.kind === 'absent' ? 'execute' : 'executeBatch';
}

function hasMember(node: ts.ClassDeclaration, name: string): boolean {
  return node.members.some((member) => member.name && ts.isIdentifier(member.name) && member.name.text === name);
}

type NameResult = { readonly value: string; readonly place: DefinitionHead['place'] } | { readonly problem: Diagnostic };

function readName(found: FoundDefinition, options: OptionsObject, checker: () => ts.TypeChecker, bindingNode: ts.Node): NameResult {
  const option = options.get('name');
  if (option.kind === 'absent')
    return {
      problem: diagnostic('OPTION_NOT_STATIC', `${found.binding} has no \`name\`.`, {
        place: placeOf(bindingNode),
        remedy: `Give the ${found.kind} a name in its options.`,
      }),
    };
  if (option.kind === 'unknown') return { problem: notStatic(found, 'name', option.node) };
  const value = staticValueOf(option.expression, checker);
  if (!value.known) return { problem: notStatic(found, 'name', value.node) };
  const place = placeOf(option.expression);
  if (!isName(value.value))
    return {
      problem: diagnostic(
        'NAME_INVALID',
        `${JSON.stringify(value.value)} cannot name an ${found.kind}: use ${NAME_RULE}.`.replace('an workflow', 'a workflow'),
        { place },
      ),
    };
  return { value: value.value, place };
}

function notStatic(found: FoundDefinition, option: string, node: ts.Node): Diagnostic {
  return diagnostic('OPTION_NOT_STATIC', `The \`${option}\` of ${found.binding} cannot be read without running the program.`, {
    place: placeOf(node),
  });
}

function readText(options: OptionsObject, name: string, checker: () => ts.TypeChecker, otherwise: string | null): HeadValue<string> {
  const option = options.get(name);
  if (option.kind === 'absent') return { known: true, value: otherwise };
  if (option.kind === 'unknown') return { known: false, node: option.node };
  const value = staticValueOf(option.expression, checker);
  return value.known && typeof value.value === 'string' ? { known: true, value: value.value } : { known: false, node: option.expression };
}

function readList(options: OptionsObject, name: string, checker: () => ts.TypeChecker): HeadValue<readonly string[]> {
  const option = options.get(name);
  if (option.kind === 'absent') return { known: true, value: null };
  if (option.kind === 'unknown') return { known: false, node: option.node };
  const value = staticValueOf(option.expression, checker);
  if (value.known && Array.isArray(value.value)) return { known: true, value: value.value.map(String) };
  return { known: false, node: option.expression };
}

function sideSource(options: OptionsObject, name: 'input' | 'output' | 'publishes' | 'subscribes', otherwise: ts.Node): SideSource {
  const option = options.get(name);
  if (option.kind === 'given') return { given: 'yes', node: option.expression };
  return option.kind === 'absent' ? { given: 'no', node: otherwise } : { given: 'unknown', node: option.node };
}

/** The comment above a class says what it does where its options do not. */
function documentationOf(found: FoundDefinition): string | null {
  const documented = found.form === 'class' ? found.node : found.node.parent.parent;
  const comment = ts.getJSDocCommentsAndTags(documented).filter(ts.isJSDoc).at(-1)?.comment;
  const text = ts.getTextOfJSDocComment(comment)?.trim();
  return text === undefined || text === '' ? null : text;
}

function missingMethod(
  found: FoundDefinition,
  node: ts.ClassDeclaration,
  method: MethodName,
  checker: () => ts.TypeChecker,
): Diagnostic | null {
  const own = node.members.find((member) => member.name && ts.isIdentifier(member.name) && member.name.text === method);
  if (own) {
    const isStatic = ts.canHaveModifiers(own) && (ts.getModifiers(own) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    if (ts.isMethodDeclaration(own) && !isStatic) return null;
    return diagnostic('METHOD_MISSING', `\`${method}\` of ${found.binding} must be a method of its instances.`, {
      place: placeOf(own),
      remedy: `Write \`${method}\` as a method: neither static, nor an accessor, nor a function in a property.`,
    });
  }
  if (
    node.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) &&
    checker().getTypeAtLocation(node).getProperty(method)
  )
    return null;
  return diagnostic('METHOD_MISSING', `${found.binding} has no method \`${method}\`.`, { place: placeOf(node.name ?? node) });
}
