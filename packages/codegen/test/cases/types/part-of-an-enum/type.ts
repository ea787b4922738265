export enum Colour { Red = 'red', Green = 'green', Blue = 'blue' }
export interface Input { colour: Exclude<Colour, Colour.Blue> }
