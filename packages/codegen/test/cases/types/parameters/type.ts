declare function take(a: string, b?: number): void;
export type Input = Parameters<typeof take>;
