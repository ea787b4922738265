export interface Input { a: string | null }
