export interface Input { tags: Set<string> | string[] }
