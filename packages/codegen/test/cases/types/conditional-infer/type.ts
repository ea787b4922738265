type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;
export type Input = { item: ItemOf<{ id: string }[]> };
