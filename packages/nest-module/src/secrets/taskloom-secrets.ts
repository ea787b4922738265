import { ConfigError } from '@taskloom/core';
import { isName, NAME_RULE } from '@taskloom/core/internal';

import { Redactor } from './redactor.js';
import { isSecret, type Secret } from './secret.js';

/** What is shorter stands in ordinary texts, too, and would be taken out of them. */
const LEAST_CHARS = 8;

/** The application's secrets. Agents have it injected: `this.secrets.get('stripe').reveal()`. */
export class TaskloomSecrets {
  private readonly known = new Map<string, Secret>();
  /** @internal */
  readonly redactor = new Redactor();

  /** @internal */
  constructor(
    /** Whether anything is looked through for secrets at all: whether the option `secrets` was given. */
    readonly isOn: boolean,
  ) {}

  /** @throws ConfigError where there is none of that name */
  get(name: string): Secret {
    const found = this.known.get(name);
    if (found) return found;
    const names = [...this.known.keys()].join(', ') || 'none';
    throw new ConfigError([`There is no secret "${name}" (known: ${names}); give it to TaskloomModule as \`secrets\`.`]);
  }

  /** Makes a secret known that was fetched only now. One of the same name takes its place; the earlier value stays hidden. @throws ConfigError */
  add(name: string, given: Secret): void {
    const problem = this.isOn ? problemOf(name, given) : 'Give TaskloomModule `secrets: {}`, so that secrets added later are hidden.';
    if (problem !== null) throw new ConfigError([problem]);
    this.known.set(name, given);
    this.redactor.hide(name, given.reveal());
  }
}

/** Takes the option `secrets`; what is wrong goes to `problems`, which name secrets and never show one. */
export function parseSecrets(given: unknown, problems: string[]): TaskloomSecrets {
  const secrets = new TaskloomSecrets(given !== undefined);
  if (given === undefined) return secrets;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push('`secrets` must be an object of secrets by their names.');
    return secrets;
  }
  for (const [name, value] of Object.entries(given) as [string, Secret][]) {
    const problem = problemOf(name, value);
    if (problem === null) secrets.add(name, value);
    else problems.push(problem);
  }
  return secrets;
}

function problemOf(name: string, given: unknown): string | null {
  const shown = JSON.stringify(name.slice(0, 80));
  if (!isName(name)) return `\`secrets\` has ${shown}, which cannot name a secret: use ${NAME_RULE}.`;
  const what = `\`secrets.${name}\``;
  if (!isSecret(given)) return `${what} is no secret; wrap its value: secret(process.env.…).`;
  const { length } = given.reveal();
  if (length === 0) return `${what} has no value; is the variable of the environment set that it comes from?`;
  return length < LEAST_CHARS ? `${what} has fewer than ${LEAST_CHARS} characters, and would be taken out of ordinary texts.` : null;
}
