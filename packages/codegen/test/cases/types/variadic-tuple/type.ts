type Prefixed<T extends unknown[]> = ['start', ...T];
export type Input = Prefixed<[number, boolean]>;
