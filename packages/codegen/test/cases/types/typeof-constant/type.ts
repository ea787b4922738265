const settings = { host: 'localhost', port: 80, nested: { on: true } };
export type Input = typeof settings;
