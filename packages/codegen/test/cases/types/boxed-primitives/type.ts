export interface Input { a: String; b: Number; c: Boolean }
