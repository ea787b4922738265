export interface File { path: string }
export interface Page<Item> { items: Item[] }
export type Input = { files: Page<File>; pages: Page<Page<File>> };
