export type Input = [string, number | undefined];
