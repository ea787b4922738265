export interface Input { tags: Set<string>; more: ReadonlySet<number> }
