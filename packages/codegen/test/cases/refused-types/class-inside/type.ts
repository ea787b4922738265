class Money { amount = 0; add(other: Money): Money { return other; } }
export interface Input { price: Money }
