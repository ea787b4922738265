export type Input = { a: NonNullable<string | null | undefined> };
