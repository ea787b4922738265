type Listed<T> = T extends unknown ? T[] : never;
export type Input = Listed<string | number>;
