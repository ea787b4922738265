type Getters<T> = { [Key in keyof T & string as `get${Capitalize<Key>}`]: T[Key] };
export type Input = Getters<{ name: string }>;
