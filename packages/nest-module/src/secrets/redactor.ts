import { isSteeringSignal } from '@taskloom/core/internal';

import { writtenForms } from './written-forms.js';

/** Causes of causes are looked at so far; more than the engine keeps. */
const CAUSES = 8;

/** Replaces the values of secrets, however they are written, by `[secret:name]`. What has none in it is given back as it is. */
export class Redactor {
  private readonly names = new Map<string, string>();
  private readonly listeners: (() => void)[] = [];
  private pattern: RegExp | null = null;

  /** Calls back whenever there is more to hide. */
  onHide(listener: () => void): void {
    this.listeners.push(listener);
  }

  hide(name: string, value: string): void {
    for (const form of writtenForms(value)) this.names.set(form, name);
    // The longest first: one form may begin like another.
    const forms = [...this.names.keys()].sort((a, b) => b.length - a.length);
    this.pattern = new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'), 'g');
    for (const listener of this.listeners) listener();
  }

  text(text: string): string {
    return this.pattern ? text.replace(this.pattern, (form) => `[secret:${this.names.get(form)}]`) : text;
  }

  /** A value that is JSON; what is none is refused by whoever takes it, and is given back as it is. */
  json<Value>(value: Value): Value {
    if (!this.pattern) return value;
    if (typeof value === 'string') return this.text(value) as Value;
    try {
      const before = JSON.stringify(value);
      if (before === undefined) return value;
      const after = this.text(before);
      return after === before ? value : (JSON.parse(after) as Value);
    } catch {
      return value;
    }
  }

  /** What was thrown. An error that tells a secret becomes a copy of its kind; what ends a run for the engine is let by. */
  thrown(thrown: unknown): unknown {
    if (!this.pattern) return thrown;
    try {
      return this.without(thrown, CAUSES);
    } catch {
      return new Error('an error that cannot be read was thrown');
    }
  }

  private without(thrown: unknown, depth: number): unknown {
    if (typeof thrown !== 'object' || thrown === null || isSteeringSignal(thrown)) return this.json(thrown);
    const changed: PropertyDescriptorMap = {};
    for (const [name, value] of this.told(thrown, depth)) {
      if (value !== (thrown as ToldError)[name])
        changed[name] = { value, configurable: true, writable: true, enumerable: name === 'details' };
    }
    if (Object.keys(changed).length === 0) return thrown;
    return Object.create(Object.getPrototypeOf(thrown) as object | null, {
      ...Object.getOwnPropertyDescriptors(thrown),
      ...changed,
    }) as unknown;
  }

  /** The parts of an error that are stored, shown or logged. */
  private told(error: ToldError, depth: number): readonly [keyof ToldError, unknown][] {
    const cause: unknown = error.cause;
    return [
      ['name', this.json(error.name)],
      ['message', this.json(error.message)],
      ['stack', this.json(error.stack)],
      ['remedy', this.json(error.remedy)],
      ['details', this.json(error.details)],
      ['cause', depth === 0 ? cause : this.without(cause, depth - 1)],
    ];
  }
}

interface ToldError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly remedy?: unknown;
  readonly details?: unknown;
  readonly cause?: unknown;
}
