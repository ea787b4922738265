import type { Manifest } from '@taskloom/decorators';

/** One manifest of several; where two know the same name, the later one counts. */
export function mergeManifests(manifest: Manifest | readonly Manifest[] | undefined): Manifest {
  const all = manifest === undefined ? [] : isList(manifest) ? manifest : [manifest];
  return {
    agents: Object.assign({}, ...all.map(({ agents }) => agents)) as Manifest['agents'],
    workflows: Object.assign({}, ...all.map(({ workflows }) => workflows)) as Manifest['workflows'],
  };
}

function isList(manifest: Manifest | readonly Manifest[]): manifest is readonly Manifest[] {
  return Array.isArray(manifest);
}
