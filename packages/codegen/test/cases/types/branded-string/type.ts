declare const brand: unique symbol;
export type Input = { path: string & { readonly [brand]: 'Path' }; id: number & { __brand: 'Id' } };
