export type Input = boolean;
