export interface Input { a: { b: { c: string } } }
