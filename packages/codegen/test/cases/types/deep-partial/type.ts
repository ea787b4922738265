type DeepPartial<T> = T extends object ? { [Key in keyof T]?: DeepPartial<T[Key]> } : T;
export type Input = DeepPartial<{ a: { b: string; c: { d: number } } }>;
