export interface Input { link: URL }
