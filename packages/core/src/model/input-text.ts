import type { Json } from '../kernel/json.js';
import type { InputTemplate } from './task.js';

/** An input with whatever fills its holes. */
type InputWithHoles = { readonly value: Json; readonly refs: readonly unknown[] };

/** Texts are asked for by the check, the store and the cache of one submission: each input is written out once. */
const texts = new WeakMap<InputWithHoles, string>();

/** What stands around the value in the text of an input without holes, in bytes. */
export const INPUT_TEXT_OVERHEAD = '{"value":}'.length;

/** An input as JSON text; `refs` are left out where there are none. */
export function inputText(input: InputWithHoles): string {
  let text = texts.get(input);
  if (text === undefined) {
    text = input.refs.length === 0 ? `{"value":${JSON.stringify(input.value)}}` : JSON.stringify(input);
    texts.set(input, text);
  }
  return text;
}

export function parseInputText(text: string): InputTemplate {
  const { value, refs = [] } = JSON.parse(text) as { value: InputTemplate['value']; refs?: InputTemplate['refs'] };
  return { value, refs };
}
