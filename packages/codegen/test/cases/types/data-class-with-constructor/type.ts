export class Input { constructor(public name: string, public readonly size: number = 0) {} }
