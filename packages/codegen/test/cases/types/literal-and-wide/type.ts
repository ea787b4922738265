export type Input = { size: 'auto' | number };
