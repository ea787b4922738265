export interface Input { value: Uint8Array | URL }
