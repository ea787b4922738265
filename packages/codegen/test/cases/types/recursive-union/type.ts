export type Input = { op: 'and' | 'or'; args: Input[] } | { op: 'not'; arg: Input } | { value: boolean };
