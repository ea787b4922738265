import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { DefinitionHead } from './definition-head.js';

/** Agents that share a name, and workflows that do; each later one is reported with the place of the first. */
export function findDuplicates(heads: readonly DefinitionHead[]): Diagnostic[] {
  const first = new Map<string, DefinitionHead>();
  return heads.flatMap((head) => {
    const { kind, binding } = head.found;
    const key = `${kind} ${head.name}`;
    const known = first.get(key);
    if (!known) first.set(key, head);
    if (!known) return [];
    return diagnostic(
      kind === 'agent' ? 'DUPLICATE_AGENT' : 'DUPLICATE_WORKFLOW',
      `${known.found.binding} and ${binding} are both called "${head.name}".`,
      {
        place: head.place,
        related: [{ message: `${known.found.binding} is named here`, place: known.place }],
      },
    );
  });
}
