export interface Input { name: string; rename(name: string): void }
