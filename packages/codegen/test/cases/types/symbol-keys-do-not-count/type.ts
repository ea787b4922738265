const secret = Symbol('secret');
export interface Input { a: string; [secret]?: number; [Symbol.iterator]?: never }
