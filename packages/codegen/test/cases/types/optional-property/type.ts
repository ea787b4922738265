export interface Input { a: string; b?: number }
