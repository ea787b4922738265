export enum Colour { Red = 'red', Green = 'green' }
export type Input = Record<Colour, number>;
