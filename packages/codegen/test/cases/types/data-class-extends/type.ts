abstract class Base { id = '' }
export class Input extends Base { name = '' }
