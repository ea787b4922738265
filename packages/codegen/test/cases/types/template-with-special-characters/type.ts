export type Input = { x: `a.b*${string}(c)|[d]^$/${string}` };
