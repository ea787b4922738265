export class Input { name = ''; shout(): string { return this.name; } }
