/** The rows of a look-up for many keys, by the key that each answers: `ask`, counted from 0. */
export function grouped(rows: readonly { readonly ask: number }[], count: number): object[][] {
  const groups = Array.from({ length: count }, (): object[] => []);
  for (const row of rows) groups[row.ask]!.push(row);
  return groups;
}
