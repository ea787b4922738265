export class Input { #secret = ''; name = ''; get it(): string { return this.#secret; } }
