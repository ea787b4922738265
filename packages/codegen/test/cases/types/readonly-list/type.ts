export type Input = { a: readonly string[]; b: ReadonlyArray<number>; c: Array<boolean> };
