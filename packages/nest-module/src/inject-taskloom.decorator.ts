import { Inject } from '@nestjs/common';

import { TASKLOOM_ENGINE } from './tokens.js';

/** Injects the engine: `constructor(@InjectTaskloom() private readonly taskloom: Engine) {}`. */
export function InjectTaskloom(): ParameterDecorator & PropertyDecorator {
  return Inject(TASKLOOM_ENGINE);
}
