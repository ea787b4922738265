export interface Input { value: Uppercase<string> }
