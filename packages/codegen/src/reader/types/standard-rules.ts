import { anyRule } from './rules/any-rule.js';
import { brandRule } from './rules/brand-rule.js';
import { enumRule } from './rules/enum-rule.js';
import { formRule } from './rules/form-rule.js';
import { functionRule } from './rules/function-rule.js';
import { libraryRule } from './rules/library-rule.js';
import { listRule } from './rules/list-rule.js';
import { literalRule } from './rules/literal-rule.js';
import { objectRule } from './rules/object-rule.js';
import { parameterRule } from './rules/parameter-rule.js';
import { pendingRule } from './rules/pending-rule.js';
import { primitiveRule } from './rules/primitive-rule.js';
import { taskloomRule } from './rules/taskloom-rule.js';
import { templateRule } from './rules/template-rule.js';
import { unionRule } from './rules/union-rule.js';
import type { TypeRule } from './type-rule.js';

/** Every kind of type, from the most particular to the most general. */
export const STANDARD_RULES: readonly TypeRule[] = [
  anyRule,
  pendingRule,
  taskloomRule,
  formRule,
  primitiveRule,
  enumRule,
  literalRule,
  templateRule,
  unionRule,
  brandRule,
  libraryRule,
  listRule,
  parameterRule,
  functionRule,
  objectRule,
];
