interface Base { id: string }
interface Middle extends Base { name: string }
export interface Input extends Middle { extra?: number }
