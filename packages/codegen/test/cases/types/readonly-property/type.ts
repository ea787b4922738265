export interface Input { readonly a: string; readonly b: readonly number[] }
