type Patch<T> = { [Key in keyof T]?: T[Key] | null };
export type Input = Patch<{ a: string; b: number }>;
