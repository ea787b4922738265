export type Input = [...string[], number];
