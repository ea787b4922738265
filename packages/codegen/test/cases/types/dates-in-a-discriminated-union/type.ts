export type Input = { kind: 'at'; at: Date } | { kind: 'in'; seconds: number };
