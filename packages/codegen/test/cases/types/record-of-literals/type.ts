export type Input = Record<'a' | 'b', number>;
