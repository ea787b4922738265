export class Input { name = ''; size?: number; readonly tags: string[] = [] }
