export type Input = 'low' | 'medium' | 'high';
