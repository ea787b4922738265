type Texts<T> = { [Key in keyof T as T[Key] extends string ? Key : never]: T[Key] };
export type Input = Texts<{ a: string; b: number; c: 'x' }>;
