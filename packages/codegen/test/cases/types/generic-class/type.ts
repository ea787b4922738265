class Base<Value> { value!: Value }
export class Input extends Base<string[]> {}
