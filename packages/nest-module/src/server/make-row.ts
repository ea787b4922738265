/** What is made of each item of a row: at once where nothing has to be waited for, otherwise one after the other. */
export function makeRow<Item, Made>(
  row: readonly Item[],
  make: (item: Item) => Made | Promise<Made>,
): readonly Made[] | Promise<readonly Made[]> {
  const made: Made[] = [];
  for (const item of row) {
    const one = make(item);
    if (one instanceof Promise) return makeRest(row, make, made, one);
    made.push(one);
  }
  return made;
}

async function makeRest<Item, Made>(
  row: readonly Item[],
  make: (item: Item) => Made | Promise<Made>,
  made: Made[],
  next: Promise<Made>,
): Promise<readonly Made[]> {
  made.push(await next);
  for (const item of row.slice(made.length)) made.push(await make(item));
  return made;
}
