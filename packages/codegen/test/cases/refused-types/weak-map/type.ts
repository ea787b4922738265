export interface Input { cache: WeakMap<object, string> }
