export interface Input { at: Date | null }
