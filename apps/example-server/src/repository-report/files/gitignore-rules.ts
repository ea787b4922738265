import ignore, { type Ignore } from 'ignore';

/** The rules of one `.gitignore`, and the directory (relative to the root, '' for it) they speak of. */
export interface GitignoreRules {
  readonly directory: string;
  readonly rules: Ignore;
}

/** Reads the text of a `.gitignore` as git does: patterns in the case they are written in, a byte order mark skipped. */
export function parseGitignore(directory: string, text: string): GitignoreRules {
  return { directory, rules: ignore({ ignorecase: false }).add(text.replace(/^\uFEFF/, '')) };
}

/**
 * Whether `path` (relative to the root) is ignored by the `.gitignore` files above it, given from the root downwards. The deepest file that
 * says anything decides, and in it the last rule that matches. The caller does not descend into ignored directories, so nothing below one can
 * be taken back in, as in git.
 */
export function isIgnored(chain: readonly GitignoreRules[], path: string, isDirectory: boolean): boolean {
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const { directory, rules } = chain[depth] as GitignoreRules;
    const below = directory === '' ? path : path.slice(directory.length + 1);
    const verdict = rules.test(isDirectory ? `${below}/` : below);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
