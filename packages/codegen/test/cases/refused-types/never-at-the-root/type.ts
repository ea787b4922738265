export type Input = never;
