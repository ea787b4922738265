export interface Input { pattern: RegExp }
