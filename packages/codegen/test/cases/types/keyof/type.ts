interface Shape { width: number; height: number }
export type Input = { side: keyof Shape };
