export class Input { name = ''; parent?: Input }
