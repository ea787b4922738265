import type { Page, PageRequest } from '../model/views.js';

const PAGE = 100;

/** Every page of a list, one after another. */
export async function* everyPage<Item>(read: (page: PageRequest) => Promise<Page<Item>>): AsyncGenerator<readonly Item[]> {
  let after: string | undefined;
  do {
    const page = await read({ first: PAGE, ...(after === undefined ? undefined : { after }) });
    yield page.items;
    after = page.hasNextPage ? page.cursors[page.cursors.length - 1] : undefined;
  } while (after !== undefined);
}
