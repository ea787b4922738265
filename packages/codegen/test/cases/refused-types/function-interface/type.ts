export interface Input { value: Function }
