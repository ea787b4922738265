namespace Model { export interface File { path: string } }
export interface Input { file: Model.File }
