export interface Item { name: string }
export type Input = { items: Item[] };
