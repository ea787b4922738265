export type Input = Record<string, Record<string, number[]>>;
