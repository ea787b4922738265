export type Input = { value: string | unknown };
