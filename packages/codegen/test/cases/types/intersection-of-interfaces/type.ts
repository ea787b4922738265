interface A { a: string }
interface B { b: number }
export type Input = A & B & { c?: boolean };
