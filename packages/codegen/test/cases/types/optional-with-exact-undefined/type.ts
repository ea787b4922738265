export type Input = { a?: string | undefined; b?: number };
