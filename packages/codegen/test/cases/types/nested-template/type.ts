type Unit = `${number}${'ms' | 's'}`;
export type Input = { range: `${Unit}-${Unit}` };
