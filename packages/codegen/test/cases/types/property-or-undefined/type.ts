export interface Input { a: string | undefined; b: number }
