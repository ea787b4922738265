export enum Colour { Red = 'red', Green = 'green' }
export interface Input { colour: Colour.Red }
