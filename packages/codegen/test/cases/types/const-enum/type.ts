export const enum Direction { Up = 'up', Down = 'down' }
export interface Input { direction: Direction }
