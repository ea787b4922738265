import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { EvaluatedBinding } from '../evaluation/evaluation-protocol.js';
import { placeOf } from '../source-place.js';
import type { DefinitionHead, HeadValue } from './definition-head.js';

/** The options that describe a definition, completed with the engine's defaults. */
export interface HeadOptions {
  readonly description: string;
  readonly version: string;
  readonly capabilities: readonly string[];
}

/** Whether a definition's module must be loaded to know all of its options. */
export function needsEvaluation(head: DefinitionHead): boolean {
  return (
    head.input.given !== 'no' ||
    head.output.given !== 'no' ||
    head.publishes.given !== 'no' ||
    !head.description.known ||
    !head.version.known ||
    !head.capabilities.known
  );
}

/** A definition's options: what the sources say, else what its module said when it was loaded. */
export function headOptions(head: DefinitionHead, evaluated: EvaluatedBinding | null, diagnostics: Diagnostic[]): HeadOptions {
  const read = <Value>(option: HeadValue<Value>, name: string, loaded: Value | null | undefined): Value | null => {
    if (option.known) return option.value;
    if (evaluated) return loaded ?? null;
    diagnostics.push(
      diagnostic('OPTION_NOT_STATIC', `The \`${name}\` of ${head.found.binding} cannot be read without running the program.`, {
        place: placeOf(option.node),
      }),
    );
    return null;
  };
  return {
    description: read(head.description, 'description', evaluated?.description) ?? '',
    version: read(head.version, 'version', evaluated?.version) ?? '1',
    capabilities: read(head.capabilities, 'capabilities', evaluated?.capabilities) ?? [],
  };
}
