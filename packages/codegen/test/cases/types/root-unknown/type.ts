export type Input = unknown;
