export interface Input { value: any }
