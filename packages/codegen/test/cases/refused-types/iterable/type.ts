export interface Input { values: Iterable<number> }
