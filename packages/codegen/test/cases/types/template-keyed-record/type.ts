export type Input = Record<`x-${string}`, string>;
