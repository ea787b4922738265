declare function make(): { a: string };
export type Input = ReturnType<typeof make>;
