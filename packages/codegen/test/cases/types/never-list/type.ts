export interface Input { empty: never[] }
