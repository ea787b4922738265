export class Input { static count = 0; static make(): Input { return new Input(); } name = '' }
