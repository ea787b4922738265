export interface Input { constructor: string; toString: string; hasOwnProperty?: number }
