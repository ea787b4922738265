export interface Input { convert<T>(value: T): T }
