export type Input = Record<string, number>;
