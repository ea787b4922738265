interface Model { file: { path: string; sizes: number[] } }
export type Input = { path: Model['file']['path']; size: Model['file']['sizes'][number] };
