interface Box<Value> { value: Value }
export interface Input { one: Box<{ a: string }>; two: Box<{ b: string }> }
