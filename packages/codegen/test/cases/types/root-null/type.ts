export type Input = null;
