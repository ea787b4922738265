declare const key: unique symbol;
export interface Input { key: typeof key }
