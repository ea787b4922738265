export type Input = { pair: readonly [string, string] };
