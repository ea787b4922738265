export interface Input { [position: number]: string }
