export type Input = { format: 'json' | 'xml' | (string & {}) };
