export interface Input { value: string & number }
