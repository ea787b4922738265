namespace A { export interface Item { a: string } }
namespace B { export interface Item { b: string } }
export interface Input { first: A.Item; second: B.Item }
