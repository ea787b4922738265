import { Option, type Command } from 'commander';

import { wholeNumber } from '../terminal/whole-number.js';
import type { ConnectionArguments } from './connection-arguments.js';

/** Arguments of every command that may watch a job. */
export interface FollowArguments extends ConnectionArguments {
  readonly reconnects: number;
}

export function addFollowArguments(command: Command): Command {
  const reconnects = new Option(
    '--reconnects <number>',
    'attempts in a row to connect again after the connection was lost; 40 take about 5 minutes',
  )
    .default(40)
    .argParser(wholeNumber);
  return command.addOption(reconnects);
}
