const levels = ['low', 'high'] as const;
export type Input = { level: (typeof levels)[number]; all: typeof levels };
