export type Input = { at: Date } | { at: string; more?: number };
