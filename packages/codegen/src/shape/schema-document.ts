import type { JsonObject } from '@taskloom/core';

import type { Shape } from './shape.js';

/** One side of an agent or workflow: a shape, and the definitions it refers to. */
export interface SchemaDocument {
  readonly root: Shape;
  /** Named shapes, in the order they were met. */
  readonly definitions: ReadonlyMap<string, Shape>;
  /**
   * The JSON Schema of a schema that the class gives. It stands as it is, whatever the shape could say of it. `null`
   * when the shape was derived from types and is itself the whole truth.
   */
  readonly given: JsonObject | null;
}
