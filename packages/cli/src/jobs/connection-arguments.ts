import type { Command } from 'commander';

import { oneMore } from '../terminal/one-more.js';

/** Arguments of every command that asks an application. */
export interface ConnectionArguments {
  readonly url?: string;
  readonly token?: string;
  readonly header?: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

export function addConnectionArguments(command: Command): Command {
  return command
    .option(
      '--url <address>',
      'the API (default: TASKLOOM_URL, else `url` or `port` of the configuration, else http://127.0.0.1:3000/graphql)',
    )
    .option('--token <token>', 'sent as `authorization: Bearer …` (default: TASKLOOM_TOKEN, which other users of the machine do not see)')
    .option('--header <name: value>', 'sent with every request; may be given again', oneMore)
    .option('-c, --config <file>', 'the configuration (default: taskloom.config.ts, if there is one)');
}
