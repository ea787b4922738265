export type Input = [name: string, size: number];
