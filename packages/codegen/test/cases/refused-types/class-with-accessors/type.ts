export class Input { name = ''; get upper(): string { return this.name; } }
