export interface Input { signal: AbortSignal }
