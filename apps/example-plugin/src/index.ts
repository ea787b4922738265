import { defineGeneratorPlugin } from '@taskloom/codegen';

import { moneyRule } from './money-rule.js';
import { openapiEmitter } from './openapi-emitter.js';

/** Reads `Money`, writes `openapi.json`. */
export const moneyPlugin = defineGeneratorPlugin({ name: 'money', rules: [moneyRule], emitters: [openapiEmitter] });
