export type Input = [string, Input | null];
