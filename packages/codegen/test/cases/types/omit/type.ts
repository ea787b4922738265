interface Full { a: string; b: number; c: boolean }
export type Input = Omit<Full, 'b'>;
