import type { Page } from './call-options.js';

/** A page as the API gives it: of a Relay connection, the parts that the client asks for. */
export interface Connection<Item> {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  /** Only where it was asked for. */
  readonly totalCount?: number | null;
}

/** The largest page the API gives. */
export const MAX_PAGE = 100;

export function pageOf<Item>({ nodes, pageInfo, totalCount = null }: Connection<Item>): Page<Item> {
  return { items: nodes, ...pageInfo, totalCount };
}

/** All items of a list, page by page as they are taken. */
export async function* everyItem<Item>(pageAfter: (cursor: string | null) => Promise<Page<Item>>): AsyncGenerator<Item, void> {
  let cursor: string | null = null;
  for (let more = true; more;) {
    const { items, endCursor, hasNextPage } = await pageAfter(cursor);
    yield* items;
    cursor = endCursor;
    more = hasNextPage && endCursor !== null;
  }
}
