interface Tree<T> { value: T; branches: Tree<T>[] }
export interface Input { texts: Tree<string>; numbers: Tree<number> }
