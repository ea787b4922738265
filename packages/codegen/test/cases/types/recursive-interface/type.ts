export interface Input { name: string; children: Input[] }
