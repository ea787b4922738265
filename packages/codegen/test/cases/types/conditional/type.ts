type Wrap<T> = T extends string ? { text: T } : { value: T };
export type Input = { a: Wrap<string>; b: Wrap<number> };
