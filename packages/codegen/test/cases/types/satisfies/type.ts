const table = { a: { n: 1 }, b: { n: 2 } } satisfies Record<string, { n: number }>;
export type Input = { key: keyof typeof table; table: typeof table };
