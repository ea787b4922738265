export interface Input { (a: string): void; name: string }
