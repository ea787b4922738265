/*
 * Names of agents and workflows as identifiers. The result depends on the name alone, so that adding an agent never
 * renames another one's builder; two names that would meet are a NAME_COLLISION instead.
 */

/** Words that cannot name a function or a constant in a module, and globals that generated code must not hide. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for function get if implements import in instanceof ' +
    'interface let new null of package private protected public return set static super switch this throw true try typeof undefined var void while with yield NaN Infinity globalThis ' +
    'Array BigInt Boolean Date Error Function JSON Map Math Number Object Promise Proxy Record Reflect RegExp Set String Symbol require module exports'
  ).split(' '),
);

/** `count-lines` → `CountLines`; what starts with a digit gets `_`. */
export function typeNameOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  if (words.length === 0) return `_${[...name].map((character) => character.codePointAt(0)!.toString(16)).join('_')}`;
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** `count-lines` → `countLines`, as a property of an object, which may be called anything. */
export function memberNameOf(name: string): string {
  const typeName = typeNameOf(name);
  // All capitals that do not begin a word: `CountLines` → `countLines`, `URLParser` → `urlParser`.
  const capitals = /^[A-Z]+(?![a-z])|^[A-Z]/.exec(typeName)?.[0] ?? '';
  return capitals.toLowerCase() + typeName.slice(capitals.length);
}

/** The same as a function: a word with a meaning of its own gets `Task` behind it. `taken` names are avoided alike. */
export function functionNameOf(name: string, taken: ReadonlySet<string>): string {
  const lowered = memberNameOf(name);
  return RESERVED.has(lowered) || taken.has(lowered) ? `${lowered}Task` : lowered;
}
