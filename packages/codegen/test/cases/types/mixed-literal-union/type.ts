export type Input = 'auto' | 1 | 2 | true | null;
