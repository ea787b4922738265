const PROTOTYPES: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Array: Array.prototype,
  Function: Function.prototype,
  String: String.prototype,
  Promise: Promise.prototype,
  Map: Map.prototype,
  Set: Set.prototype,
};

/**
 * Notes what the prototypes of the language are like. What it returns names everything that was added, removed or replaced
 * since then: `Object.prototype.extra`.
 */
export function watchPrototypes(): () => readonly string[] {
  const before = new Map(Object.entries(PROTOTYPES).map(([name, prototype]) => [name, membersOf(prototype)]));
  return () => Object.entries(PROTOTYPES).flatMap(([name, prototype]) => changes(before.get(name)!, membersOf(prototype), name));
}

function membersOf(prototype: object): ReadonlyMap<PropertyKey, unknown> {
  return new Map(
    Reflect.ownKeys(prototype).map((key) => {
      const member = Object.getOwnPropertyDescriptor(prototype, key)!;
      return [key, Reflect.get(member, 'value' in member ? 'value' : 'get') as unknown];
    }),
  );
}

function changes(before: ReadonlyMap<PropertyKey, unknown>, now: ReadonlyMap<PropertyKey, unknown>, name: string): string[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => before.get(key) !== now.get(key)).map((key) => `${name}.prototype.${String(key)}`);
}
