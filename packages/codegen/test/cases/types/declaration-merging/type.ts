export interface Input { a: string }
export interface Input { b: string }
