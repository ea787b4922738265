export interface Input { data: ArrayBuffer }
