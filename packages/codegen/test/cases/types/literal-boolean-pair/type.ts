export type Input = { flag: true | false | 'maybe' };
