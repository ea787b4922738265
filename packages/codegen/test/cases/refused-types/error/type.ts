export interface Input { cause: Error }
