export class Input { private secret = ''; name = ''; reveal = this.secret; }
