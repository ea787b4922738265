interface Base { kind: string; value: string | number }
export interface Input extends Base { kind: 'x'; value: number }
