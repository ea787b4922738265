export type Input = { id: string | number | boolean };
