export type Input = { a: string } & { b: number };
