import type { SchemaDocument } from '../../../shape/schema-document.js';
import type { TypeRule } from '../type-rule.js';

const MARK = '~taskloom-pending';

/** Stands in the generated module for a schema that is not read yet, and is known again where its type turns up. */
export const PENDING_DOCUMENT: SchemaDocument = {
  root: { kind: 'object', properties: [{ name: MARK, shape: { kind: 'never' }, optional: false }], additional: null },
  definitions: new Map(),
  // Nothing of it belongs into a manifest.
  given: {},
};

/** A type that depends on a schema which is itself still to be derived. */
export const pendingRule: TypeRule = {
  name: 'pending',
  read(type, place, walk) {
    if (!type.getProperty(MARK)) return null;
    return walk.refuse('TYPE_CIRCULAR', 'depends on itself through the generated module', place);
  },
};
