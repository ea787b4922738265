export interface Input { 'content-type': string; 'a.b': number; "it's": boolean; 1: string }
