import type { Json } from '../kernel/json.js';
import type { InputTemplate, RefBinding } from './task.js';

/** An input with whatever fills its holes. */
interface InputWithHoles {
  readonly value: Json;
  readonly refs: readonly unknown[];
}

/** What stands around the value in the text of an input without holes, in bytes. */
export const INPUT_TEXT_OVERHEAD = '{"value":}'.length;

/** An input as JSON text; `refs` are left out where there are none. */
export function inputText(input: InputWithHoles): string {
  return input instanceof SubmittedInput ? input.text : textOf(input);
}

/** Its text is asked for by the check, the store and the cache of a submission: it is written out once, and kept where it is. */
export class SubmittedInput implements InputTemplate {
  #text: string | null = null;

  constructor(
    readonly value: Json,
    readonly refs: readonly RefBinding[],
  ) {}

  get text(): string {
    return (this.#text ??= textOf(this));
  }
}

function textOf({ value, refs }: InputWithHoles): string {
  return refs.length === 0 ? `{"value":${JSON.stringify(value)}}` : JSON.stringify({ value, refs });
}

export function parseInputText(text: string): InputTemplate {
  const { value, refs = [] } = JSON.parse(text) as { value: InputTemplate['value']; refs?: InputTemplate['refs'] };
  return { value, refs };
}
