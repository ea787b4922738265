/*
 * The only ways text from a project reaches generated code. Whatever the text holds, it stays a literal, a name or a
 * comment.
 */
import type { Json } from '@taskloom/core';

/** Line separators end a line for JavaScript's readers, if no longer for its grammar. */
const SEPARATORS = /[\u2028\u2029]/g;

/** A string literal. */
export function stringLiteral(text: string): string {
  const quoted = text.includes("'") ? JSON.stringify(text) : `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')}'`;
  return quoted.replace(SEPARATORS, escapeUnit);
}

/** The type of all texts that begin like this one. */
export function templateType(beginning: string): string {
  const text = stringLiteral(beginning).slice(1, -1);
  return `\`${text.replaceAll("\\'", "'").replaceAll('`', '\\`').replaceAll('${', '\\${')}\${string}\``;
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A property's name in an object type. */
export function typeKey(name: string): string {
  return IDENTIFIER.test(name) ? name : stringLiteral(name);
}

/** A property's name in an object literal, where `__proto__` would mean something else. */
export function valueKey(name: string): string {
  return name === '__proto__' ? "['__proto__']" : typeKey(name);
}

/** A JSON value as a literal expression; lines after the first are indented by `indent`. */
export function jsonLiteral(value: Json | undefined, indent = ''): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === undefined || value === null || typeof value === 'boolean') return String(value ?? null);
  const inner = `${indent}  `;
  if (isList(value))
    return block(
      '[',
      value.map((item) => jsonLiteral(item, inner)),
      ']',
      indent,
    );
  return objectLiteral(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, jsonLiteral(item, inner)]])),
    indent,
  );
}

/** An object literal of expressions that are indented already, one level further than `indent`. */
export function objectLiteral(members: readonly (readonly [key: string, expression: string])[], indent = ''): string {
  return block(
    '{',
    members.map(([key, expression]) => `${valueKey(key)}: ${expression}`),
    '}',
    indent,
  );
}

/** A documentation comment with its line break, or nothing when there is nothing to say. */
export function docComment(lines: readonly string[], indent = ''): string {
  const said = lines.flatMap((line) => line.split(/\r\n|[\n\r\u2028\u2029]/)).map(commentText);
  while (said.at(-1) === '') said.pop();
  if (said.length === 0) return '';
  if (said.length === 1) return `${indent}/** ${said[0]} */\n`;
  return `${indent}/**\n${said.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

/** One line of a comment: it can neither end the comment nor begin a tag of its own. */
function commentText(line: string): string {
  return line
    .replaceAll('*/', '*\\/')
    .replace(/^(\s*)@/, '$1\\@')
    .trimEnd();
}

/** `short` on one line when it fits and holds no line breaks, else one member a line. */
function block(open: string, members: readonly string[], close: string, indent: string): string {
  if (members.length === 0) return open + close;
  const padding = open === '{' ? ' ' : '';
  const short = `${open}${padding}${members.join(', ')}${padding}${close}`;
  if (short.length + indent.length <= 100 && !short.includes('\n')) return short;
  return `${open}\n${members.map((member) => `${indent}  ${member},\n`).join('')}${indent}${close}`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
