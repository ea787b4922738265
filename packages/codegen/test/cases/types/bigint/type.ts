export interface Input { big: bigint; list: bigint[] }
