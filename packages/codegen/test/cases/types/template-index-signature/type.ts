export interface Input { [name: `data-${string}`]: string; id: number }
