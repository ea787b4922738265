interface Full { a: string; b: number }
export type Input = Partial<Full>;
