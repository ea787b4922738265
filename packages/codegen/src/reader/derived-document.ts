import type { ts } from 'ts-morph';

import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { SchemaDocument } from '../shape/schema-document.js';
import type { Shape } from '../shape/shape.js';
import type { DefinitionHead } from './definitions/definition-head.js';
import { methodTypes, type MethodType } from './types/method-types.js';
import { readType } from './types/read-type.js';
import type { Direction, TypeRule } from './types/type-rule.js';

export interface DerivedSides {
  readonly input: SchemaDocument | null;
  /** `null` as well when a workflow's `plan` gives nothing back. */
  readonly output: SchemaDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a method without parameters is given. */
const NOTHING_GIVEN: Shape = { kind: 'object', properties: [], additional: null };
/** What an agent that returns nothing results in. */
const NOTHING_RETURNED: Shape = { kind: 'null' };

/** The documents that a class's `execute` or `plan` implies, for the sides asked for. */
export function derivedSides(
  head: DefinitionHead,
  sides: readonly Direction[],
  checker: ts.TypeChecker,
  rules: readonly TypeRule[],
): DerivedSides {
  const { found } = head;
  const types = found.form === 'class' ? methodTypes(found, head.method, checker) : null;
  if (!types) return { input: null, output: null, diagnostics: [] };
  if ('code' in types) return { input: null, output: null, diagnostics: [types] };
  const diagnostics: Diagnostic[] = [];
  const derive = (direction: Direction, source: MethodType): SchemaDocument => {
    const reading = readType({ ...source, owner: `the ${direction} of ${found.binding}`, direction, checker, rules });
    diagnostics.push(...reading.diagnostics);
    return reading.document;
  };
  return {
    input: sides.includes('input') ? (types.input ? derive('input', types.input) : documentOf(NOTHING_GIVEN)) : null,
    output: sides.includes('output')
      ? types.output
        ? derive('output', types.output)
        : found.kind === 'agent'
          ? documentOf(NOTHING_RETURNED)
          : null
      : null,
    diagnostics,
  };
}

function documentOf(root: Shape): SchemaDocument {
  return { root, definitions: new Map(), given: null };
}
