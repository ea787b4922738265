interface Base<Id> { id: Id }
export interface Input extends Base<number> { name: string }
