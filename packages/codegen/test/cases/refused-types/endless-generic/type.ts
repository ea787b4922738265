interface Nest<T> { value: T; next?: Nest<T[]> }
export interface Input { nest: Nest<string> }
