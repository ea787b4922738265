export interface Page<Item> { items: Item[]; next?: string }
export interface Input { names: Page<string>; sizes: Page<number> }
