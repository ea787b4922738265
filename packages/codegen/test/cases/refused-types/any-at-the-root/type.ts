export type Input = any;
