import type { Schema } from '@taskloom/core';

/** The schemas that the generator derived for one class: the sides for which the class gives none. */
export interface ManifestEntry {
  readonly input?: Schema;
  readonly output?: Schema;
}

/**
 * What the generator brings to run time: schemas by the name of the agent or workflow. The generated module exports one
 * as `manifest`; pass it to `TaskloomModule.forRoot({ manifest })`.
 */
export interface Manifest {
  readonly agents: { readonly [name: string]: ManifestEntry };
  readonly workflows: { readonly [name: string]: ManifestEntry };
}
