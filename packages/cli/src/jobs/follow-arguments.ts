import { InvalidArgumentError, Option, type Command } from 'commander';

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

/** @throws InvalidArgumentError for what is no whole number from 0 on */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 0 on.');
  return Number(text);
}
