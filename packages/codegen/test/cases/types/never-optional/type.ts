export interface Input { a: string; gone?: never }
