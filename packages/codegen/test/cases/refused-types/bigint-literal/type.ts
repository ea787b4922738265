export interface Input { value: 10n }
