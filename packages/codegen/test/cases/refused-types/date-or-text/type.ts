export interface Input { at: Date | string }
