export interface Input { value: never }
