export interface Input { data: Uint8Array; buffer: Buffer }
