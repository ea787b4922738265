export interface Input { value: Nowhere }
