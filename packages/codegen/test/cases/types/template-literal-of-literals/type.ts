export type Input = { place: `${'top' | 'bottom'}-${'left' | 'right'}` };
