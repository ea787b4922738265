export type Input = ({ kind: 'a'; a: string } | { kind: 'b'; b: string }) & { id: number };
