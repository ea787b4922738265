export interface Input { version: 2; negative: -1 }
