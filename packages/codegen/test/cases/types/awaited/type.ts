export type Input = { value: Awaited<Promise<string>> };
