type Flags<T> = { [Key in keyof T]: boolean };
export type Input = Flags<{ a: string; b: number }>;
