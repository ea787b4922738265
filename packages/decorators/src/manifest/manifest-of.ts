import type { JsonObject } from '@taskloom/core';

import { derivedSchema } from './derived-schema.js';
import type { Manifest, ManifestEntry } from './manifest.js';

interface DerivedSides {
  readonly input?: JsonObject;
  readonly output?: JsonObject;
}

/** What the generated module holds: JSON Schemas by name, with marks where values are converted. */
export interface DerivedSchemas {
  readonly agents: { readonly [name: string]: DerivedSides };
  readonly workflows: { readonly [name: string]: DerivedSides };
}

/** Makes a manifest of derived JSON Schemas. Called by the generated module. */
export function manifestOf({ agents, workflows }: DerivedSchemas): Manifest {
  return { agents: entriesOf(agents), workflows: entriesOf(workflows) };
}

function entriesOf(sides: { readonly [name: string]: DerivedSides }): { readonly [name: string]: ManifestEntry } {
  return Object.fromEntries(
    Object.entries(sides).map(([name, { input, output }]) => [
      name,
      {
        ...(input ? { input: derivedSchema(input, 'input') } : undefined),
        ...(output ? { output: derivedSchema(output, 'output') } : undefined),
      },
    ]),
  );
}
