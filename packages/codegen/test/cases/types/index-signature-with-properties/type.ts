export interface Input { id: string; [name: string]: string | number }
