export interface Input { names: Map<number, string> }
