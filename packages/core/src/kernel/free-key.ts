/** The key that was wanted, or the first of `key-2`, `key-3` … that is free. */
export function freeKey(wanted: string, isTaken: (key: string) => boolean): string {
  let key = wanted;
  for (let count = 2; isTaken(key); count += 1) key = `${wanted}-${count}`;
  return key;
}
