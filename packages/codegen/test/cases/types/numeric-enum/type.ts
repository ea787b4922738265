export enum Level { Low, Medium = 5, High }
export interface Input { level: Level }
