export interface Input { value: Object }
