type Solid<T> = { [Key in keyof T]-?: T[Key] };
export type Input = Solid<{ a?: string }>;
