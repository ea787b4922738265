export interface Input { sizes: Map<string, number>; more: ReadonlyMap<'a' | 'b', string> }
