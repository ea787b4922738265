export type Input = object;
