export type Input = { value: string | (() => string) };
