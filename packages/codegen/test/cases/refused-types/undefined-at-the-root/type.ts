export type Input = undefined;
