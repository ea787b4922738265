const base = { a: 1, b: 'x' };
const make = () => ({ ...base, c: true });
export type Input = ReturnType<typeof make>;
