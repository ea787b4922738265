export type Input = ['move', number, number] | ['say', string];
