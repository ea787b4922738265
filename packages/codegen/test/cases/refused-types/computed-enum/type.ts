export enum Size { Small = 'x'.length, Large = 7 }
export interface Input { size: Size }
