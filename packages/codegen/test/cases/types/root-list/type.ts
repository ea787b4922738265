export type Input = string[];
