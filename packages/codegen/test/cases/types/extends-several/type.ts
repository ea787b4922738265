interface A { a: string }
interface B { b: string }
export interface Input extends A, B {}
