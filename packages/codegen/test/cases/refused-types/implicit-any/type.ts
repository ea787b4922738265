const make = () => JSON.parse('1');
export type Input = { value: ReturnType<typeof make> };
