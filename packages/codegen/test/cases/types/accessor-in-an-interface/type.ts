export interface Input { get a(): string; set a(value: string) }
