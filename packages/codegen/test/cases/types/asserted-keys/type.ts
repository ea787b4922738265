export type Input = { [Key in keyof { b: 1; a: 2 }]: string };
