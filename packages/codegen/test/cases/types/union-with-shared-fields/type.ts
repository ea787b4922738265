interface Base { id: string }
export type Input = (Base & { kind: 'a' }) | (Base & { kind: 'b'; n: number });
