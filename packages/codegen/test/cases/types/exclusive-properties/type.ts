export type Input = { url: string; path?: never } | { path: string; url?: never };
