export enum Only { One = 'one' }
export interface Input { only: Only }
