export interface Input { a: string; gone?: undefined }
