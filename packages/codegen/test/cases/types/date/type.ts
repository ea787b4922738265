export interface Input { at: Date; until?: Date; all: Date[] }
