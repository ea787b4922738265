export interface Input { values: Generator<number> }
