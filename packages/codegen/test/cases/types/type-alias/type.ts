export type Input = { name: string };
