export interface Input { [name: string]: string }
