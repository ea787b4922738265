import { FILE_NAMES_WITH_VARIANTS, LANGUAGE_TABLE, OTHER, type Language, type LanguageRow } from './language-table.js';

const BY_EXTENSION = indexBy(([, , extensions]) => extensions);
const BY_FILE_NAME = indexBy(([, , , fileNames]) => fileNames);
const BY_NAME: ReadonlyMap<string, Language> = new Map(LANGUAGE_TABLE.map(([name, kind]) => [name, { name, kind }]));

/**
 * The language of a file by its name alone, in any case of letters: the whole name first (`CMakeLists.txt`), then the longest known extension
 * (`page.blade.php` is Blade), then the name before a dot (`Dockerfile.dev`). `Other` when none of them is known.
 */
export function languageOf(path: string): Language {
  const fileName = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return BY_FILE_NAME.get(fileName) ?? byLongestExtension(fileName) ?? byStem(fileName) ?? OTHER;
}

/** The language of that name, `Other` for a name the table does not have. */
export function languageNamed(name: string): Language {
  return BY_NAME.get(name) ?? OTHER;
}

function byLongestExtension(fileName: string): Language | undefined {
  // From 1: the dot of a hidden file begins its name, not an extension.
  for (let dot = fileName.indexOf('.', 1); dot !== -1; dot = fileName.indexOf('.', dot + 1)) {
    const language = BY_EXTENSION.get(fileName.slice(dot + 1));
    if (language !== undefined) return language;
  }
  return undefined;
}

function byStem(fileName: string): Language | undefined {
  const dot = fileName.indexOf('.', 1);
  const stem = dot === -1 ? fileName : fileName.slice(0, dot);
  return FILE_NAMES_WITH_VARIANTS.has(stem) ? BY_FILE_NAME.get(stem) : undefined;
}

function indexBy(wordsOf: (row: LanguageRow) => string | undefined): ReadonlyMap<string, Language> {
  const rows = LANGUAGE_TABLE.flatMap((row) => {
    const [name, kind] = row;
    const words = (wordsOf(row) ?? '').split(' ').filter((word) => word !== '');
    return words.map((word): [string, Language] => [word, { name, kind }]);
  });
  return new Map(rows);
}
