import type { TypeRule } from '../type-rule.js';

/** Functions and constructors. */
export const functionRule: TypeRule = {
  name: 'function',
  read(type, place, walk) {
    const isCallable = type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
    return isCallable ? walk.refuse('TYPE_FUNCTION', 'is a function', place) : null;
  },
};
