interface Folder { files: File[]; folders: Folder[] }
interface File { name: string; in?: Folder }
export interface Input { root: Folder }
