const make = () => ({ a: 1, b: ['x'], c: null as null | 'y', d: { e: true } });
export type Input = ReturnType<typeof make>;
