export type Input = { n: `${bigint}n`; b: `is-${boolean}` };
