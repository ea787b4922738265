export type Input = { [Key in 'x' | 'y']: { value: Key } };
