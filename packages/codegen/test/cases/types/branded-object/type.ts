declare const brand: unique symbol;
export type Input = { a: string } & { readonly [brand]?: true };
