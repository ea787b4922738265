export type Input = Record<string, Date | null>;
