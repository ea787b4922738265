/** Settings of the machine that say where git and its configuration are. They are kept; every other `GIT_*` variable is dropped. */
const KEPT = new Set([
  'GIT_EXEC_PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
]);

/**
 * The environment git runs in: the caller's, without the `GIT_*` variables that would turn it to another repository, index or object store
 * (a hook sets several of them), and with everything off that asks, writes, pages, translates or fetches.
 */
export function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => {
    const upper = name.toUpperCase();
    return !upper.startsWith('GIT_') || KEPT.has(upper);
  });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C', // the messages explainGitFailure reads
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0', // never refresh the index on disk
    GIT_NO_LAZY_FETCH: '1', // a partial clone stays as it is
    GIT_FLUSH: '0', // no system call per commit
  };
}

/**
 * Settings given with every command, over those of the repository and the user: nothing a repository's own configuration says may run a
 * program, reach the network or change what is printed.
 */
export const PINNED_SETTINGS: readonly string[] = [
  '--no-pager',
  ...['core.fsmonitor=false', 'protocol.allow=never', 'log.showSignature=false', 'color.ui=false', 'core.quotePath=false'].flatMap(
    (setting) => ['-c', setting],
  ),
];
