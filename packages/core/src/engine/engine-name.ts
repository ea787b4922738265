import { hostname } from 'node:os';

import { withoutHidden } from '../kernel/hidden-text.js';
import { inMessage } from '../kernel/in-message.js';

const MOST_CHARACTERS = 100;
/** Of a machine whose name says nothing. */
const NAMELESS = 'engine';

/** The name that an engine goes by: the one given, else its machine's. Notes one that people could not read. */
export function parseEngineName(given: unknown, problems: string[]): string {
  if (given === undefined) return nameOfMachine();
  if (typeof given === 'string' && isReadable(given)) return given;
  problems.push(
    `\`name\` is ${inMessage(given)}; it must be a text of 1 to ${MOST_CHARACTERS} characters, none of them a control or otherwise hidden.`,
  );
  return NAMELESS;
}

function isReadable(name: string): boolean {
  return name.trim() !== '' && name.length <= MOST_CHARACTERS && name.isWellFormed() && withoutHidden(name) === name;
}

function nameOfMachine(): string {
  const name = withoutHidden(hostname().toWellFormed()).trim().slice(0, MOST_CHARACTERS).toWellFormed();
  return name === '' ? NAMELESS : name;
}
