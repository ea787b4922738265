interface Full { a: string; b: number; c: boolean }
export type Input = Pick<Full, 'c' | 'a'>;
