export interface Input { key: symbol }
