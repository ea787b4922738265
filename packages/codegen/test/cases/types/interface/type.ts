export interface Input { name: string; age: number; active: boolean }
