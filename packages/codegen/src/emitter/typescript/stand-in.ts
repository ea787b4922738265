import { FORM_MARK, WHOLE_NUMBER } from '../../shape/value-form.js';
import { stringLiteral } from '../text/code-text.js';
import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import type { EmittedFile } from '../emitter.js';
import { fileStemOf } from '../json-schema/file-stem.js';
import { entryTypes } from './entry-types.js';
import { EMPTY_MANIFEST } from './manifest-text.js';
import { MODULE_TYPES, ModuleNames } from './module-names.js';
import { moduleText } from './module-text.js';
import { MODULE_PATH } from './typescript-emitter.js';

const WHOLE = "import('./forms.js').WholeNumber";

/**
 * What outputs are made of beyond the language's own types. `or` may give a value of another form, so none is left behind it.
 */
const FORMS = `import type { Ref } from '@taskloom/core';

export declare enum WholeNumber { ${stringLiteral(FORM_MARK + WHOLE_NUMBER)} }

type Formless<Value> = Value extends WholeNumber ? number : Value extends \`${FORM_MARK}\${string}\` ? string : Value;

declare module '@taskloom/core' {
  interface AnyRef<T> {
    or(value: Formless<NonNullable<T>>): Ref<Formless<NonNullable<T>>>;
  }
}
`;

/**
 * What stands in for the generated module while a project is read: the same names and types, without the manifest, which
 * nobody reads then. The types of each entry are a file of their own, so that the compiler reads again only what changed.
 */
export function standInFiles(given: Catalog): EmittedFile[] {
  const catalog = withoutDescriptions(given);
  const names = new ModuleNames(catalog, MODULE_TYPES);
  const entries = [...catalog.agents, ...catalog.workflows];
  const types = entries.map((entry) => ({
    path: `taskloom.types/${typesFile(entry)}.ts`,
    text: entryTypes(entry, names, WHOLE).join('\n'),
  }));
  const brought = entries.map((entry) => {
    const { input, output } = names.of(entry);
    const from = `'./taskloom.types/${typesFile(entry)}.js'`;
    return `import type { ${entry.output ? `${input}, ${output}` : input} } from ${from};\nexport type * from ${from};\n`;
  });
  return [
    { path: 'taskloom.types/forms.ts', text: FORMS },
    ...types,
    { path: MODULE_PATH, text: moduleText(catalog, names, brought.join(''), EMPTY_MANIFEST) },
  ];
}

function typesFile({ kind, name }: CatalogEntry): string {
  return `${kind}-${fileStemOf(name)}`;
}

/** What builders are for is nobody's question then. */
function withoutDescriptions({ agents, workflows, topics }: Catalog): Catalog {
  return {
    topics,
    agents: agents.map((agent) => ({ ...agent, description: '' })),
    workflows: workflows.map((workflow) => ({ ...workflow, description: '' })),
  };
}
