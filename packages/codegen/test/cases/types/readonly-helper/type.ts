export type Input = Readonly<{ a: string; b?: string }>;
