interface Node { value: number; next: Node | null }
export interface Input { head: Node }
