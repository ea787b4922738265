export interface Input { sizes: Map<string, number | undefined> }
