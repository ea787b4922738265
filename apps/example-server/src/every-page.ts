import type { Page, PageRequest } from '@taskloom/core';

const ITEMS = 100;

/** All items of a list that is read page by page. */
export async function everyPage<Item>(read: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  for (let after: string | undefined; ;) {
    const page = await read({ first: ITEMS, ...(after === undefined ? {} : { after }) });
    found.push(...page.items);
    after = page.cursors.at(-1);
    if (!page.hasNextPage || after === undefined) return found;
  }
}
