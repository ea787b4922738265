export interface Input { make: new () => object }
