import type { Json } from '@taskloom/core';

type Members = { readonly [key: string]: Json };

/** Values a small step away from one: a member left out, added or turned into something else, here or deeper. */
export function mutations(value: Json): Json[] {
  if (Array.isArray(value))
    return [
      ...replacements(value),
      ...(value as Json[]).flatMap((item, index) => [
        ...mutations(item).map((other) => value.with(index, other) as Json),
        value.toSpliced(index, 1) as Json,
      ]),
    ];
  if (typeof value !== 'object' || value === null) return replacements(value);
  const members = value as Members;
  return [
    ...replacements(value),
    ...Object.keys(members).flatMap((key) => {
      const { [key]: item, ...rest } = members;
      return [rest, ...mutations(item!).map((other) => ({ ...members, [key]: other }))];
    }),
    { ...members, unexpected: 1 },
  ];
}

function replacements(value: Json): Json[] {
  return ([null, true, 7, 'some text', [], {}] as Json[]).filter((other) => kindOf(other) !== kindOf(value));
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}
