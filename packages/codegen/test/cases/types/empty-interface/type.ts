export interface Input {}
