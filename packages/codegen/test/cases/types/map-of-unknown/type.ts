export type Input = Record<string, unknown>;
