export interface Input { rename?(name: string): void }
