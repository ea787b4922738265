type Union = { kind: 'a'; x: number; drop: string } | { kind: 'b'; y: number; drop: string };
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
export type Input = DistributiveOmit<Union, 'drop'>;
