export type Input = { v: 1; old: string } | { v: 2; fresh: string };
