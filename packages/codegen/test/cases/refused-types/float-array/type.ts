export interface Input { data: Float32Array }
