export type Input = { none: [] };
