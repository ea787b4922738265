import type { EmitterName, GeneratorPlugin } from '@taskloom/codegen';

/** What `taskloom.config.ts` may say. Arguments of a command come before it. */
export interface TaskloomConfig {
  /** The tsconfig of the project to read, from the folder of this file. Default `tsconfig.json`. */
  readonly project?: string;
  /** Where generated files go, from the folder of the tsconfig. Default `src/generated`. */
  readonly outDir?: string;
  /** What to write beyond JSON Schemas and the TypeScript module. Default nothing. */
  readonly emit?: readonly EmitterName[];
  /** Longest time, in milliseconds, that a module may take to load when its schemas are read. Default 30,000. */
  readonly evaluationTimeoutMs?: number;
  /** Readers and emitters of your own. With any, every run does the whole work. */
  readonly plugins?: readonly GeneratorPlugin[];
  /** The database that `taskloom doctor` looks at, from the folder of this file. Default `.taskloom/taskloom.db`. */
  readonly database?: string;
  /** The port of the application, for `taskloom doctor` and, on this machine, `taskloom job`. Default 3000. */
  readonly port?: number;
  /** Where the API is, for `taskloom job`. Default `http://127.0.0.1:<port>/graphql`. */
  readonly url?: string;
}

/** Gives a configuration its type. */
export function defineConfig(config: TaskloomConfig): TaskloomConfig {
  return config;
}
