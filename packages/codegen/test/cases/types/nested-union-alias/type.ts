type Inner = 'a' | 'b';
export type Input = { value: Inner | 'c' | number };
