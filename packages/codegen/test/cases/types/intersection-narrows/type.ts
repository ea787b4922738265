export type Input = { kind: string; n: number } & { kind: 'a' };
