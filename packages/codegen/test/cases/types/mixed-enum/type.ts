export enum Mixed { No = 0, Yes = 'YES' }
export interface Input { mixed: Mixed }
