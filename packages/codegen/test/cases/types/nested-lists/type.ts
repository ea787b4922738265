export type Input = number[][];
