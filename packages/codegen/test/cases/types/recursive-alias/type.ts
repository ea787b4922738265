export type Input = string | Input[];
