const BRAND = Symbol.for('taskloom.secret');
const SHOWN = '[secret]';

/** A value that shows itself to nobody: printed, logged, inspected or put into JSON it is `[secret]`. */
export class Secret {
  readonly #value: string;

  /** @internal Use {@link secret}. */
  constructor(value: string) {
    this.#value = value;
    Object.defineProperty(this, BRAND, { value: true });
    Object.freeze(this);
  }

  /** The value itself, to be handed at once to whoever needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}

/** Wraps a secret, for example a variable of the environment; where that is not set, boot fails and names the secret. */
export function secret(value: string | undefined): Secret {
  return new Secret(value ?? '');
}

/** Also true for secrets of another copy of the package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && BRAND in value;
}
