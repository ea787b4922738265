export type Input = void;
