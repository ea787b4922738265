export type Input = Partial<Record<'a' | 'b', number>>;
