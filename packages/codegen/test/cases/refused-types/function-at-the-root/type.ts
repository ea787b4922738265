export type Input = (a: string) => void;
