type Setters<T> = { [Key in keyof T as `set_${string & Key}`]: T[Key] };
export type Input = Setters<{ name: string; size: number }>;
