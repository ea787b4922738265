export interface Input { value: bigint | Date }
