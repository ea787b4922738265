import { nearest } from '@taskloom/core/internal';

/** Names each option that does not exist, with the existing one it was probably meant to be. */
export function refuseUnknown(options: object, known: readonly string[], place: string, problems: string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    problems.push(`\`${place.replace(/\.$/, '') || 'options'}\` must be an object.`);
    return;
  }
  if (hasBorrowedPrototype(options)) problems.push(`\`${place}__proto__\` is no option.`);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const [near] = nearest(key, known, 1);
    problems.push(`\`${place}${key}\` is no option${near ? `; did you mean \`${place}${near}\`?` : `; known are ${known.join(', ')}.`}`);
  }
}

/** JSON with the key `__proto__`, copied carelessly: what it names would count as options. */
function hasBorrowedPrototype(options: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(options);
  return prototype !== null && prototype !== Object.prototype && (prototype as object).constructor === Object;
}
