export interface Input { onDone: () => void }
