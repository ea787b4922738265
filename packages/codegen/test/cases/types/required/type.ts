interface Loose { a?: string; b?: number }
export type Input = Required<Loose>;
