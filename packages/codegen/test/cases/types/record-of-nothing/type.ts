export type Input = Record<string, never>;
