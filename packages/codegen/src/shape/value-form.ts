import type { Json } from '@taskloom/core';

import type { Shape, StringShape } from './shape.js';

/*
 * While a project is read, application code sees the types of what was read so far. A type such as `string` says less than
 * the shape it was made of: that the text is a date, that the number is whole. So that this is known again where such a value
 * is passed on, it travels in the type, as a mark that a text begins with or that an enum is called.
 */

/** No text of an application begins like this. */
export const FORM_MARK = '~taskloom-form ';

/** What the mark of a whole number says behind {@link FORM_MARK}. */
export const WHOLE_NUMBER = 'integer';

/** The form of a text, to be written behind {@link FORM_MARK}; `null` for a text of no form. Limits alone are none. */
export function textForm({ kind: _kind, annotations: _annotations, ...form }: StringShape, isConverted: boolean): string | null {
  return form.format !== undefined || form.contentEncoding !== undefined || isConverted ? JSON.stringify(form) : null;
}

/** The shape that a mark stands for, or `null` where there is none. */
export function shapeOfMark(mark: string): Shape | null {
  if (!mark.startsWith(FORM_MARK)) return null;
  const form = mark.slice(FORM_MARK.length);
  if (form === WHOLE_NUMBER) return { kind: 'number', integer: true };
  return { kind: 'string', ...(JSON.parse(form) as { readonly [keyword: string]: Json }) };
}
