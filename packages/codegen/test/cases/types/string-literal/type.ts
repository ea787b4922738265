export interface Input { kind: 'a' }
