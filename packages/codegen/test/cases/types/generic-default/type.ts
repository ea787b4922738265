export interface Box<Value = string> { value: Value }
export interface Input { box: Box; other: Box<number> }
