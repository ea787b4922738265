export interface Input { value: Promise<string> }
