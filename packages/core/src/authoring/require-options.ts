import { ConfigError } from '../errors/definition-errors.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';

/** Refuses what is no object in place of the options of `what`, such as `an agent`. @throws ConfigError that shows what is expected */
export function requireOptions(given: unknown, what: string, example: string): void {
  if (isObject(given)) return;
  throw new ConfigError([`The options of ${what} are ${inMessage(given)}; they must be an object such as \`${example}\`.`]);
}
