export interface Input { a: () => void; b: { c: symbol }; d: string }
