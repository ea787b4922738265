export type Input = number;
