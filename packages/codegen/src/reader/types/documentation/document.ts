import type { Json } from '@taskloom/core';
import type { ts } from 'ts-morph';

import { acceptsValue } from '../../../shape/accepts-value.js';
import type { Annotations } from '../../../shape/annotations.js';
import type { Shape } from '../../../shape/shape.js';
import type { TypePlace } from '../type-place.js';
import type { TypeWalk } from '../type-rule.js';
import { commentOf, tagsOf, type DocumentationTag } from './comment.js';
import { constrain, constraintTag } from './constraint-tags.js';
import { listValue, readings } from './tag-values.js';

/** References are taken on trust where definitions are not read yet. */
const NOTHING_DEFINED: ReadonlyMap<string, Shape> = new Map();

type MutableAnnotations = { -readonly [Key in keyof Annotations]: Annotations[Key] };

/** The shape with what the documentation comment of `symbol` says: text, and tags that describe or limit the value. */
export function document(shape: Shape, symbol: ts.Symbol, place: TypePlace, walk: TypeWalk): Shape {
  const comment = commentOf(symbol, walk.checker);
  const tags = tagsOf(symbol, walk.checker);
  return comment === null && tags.length === 0 ? shape : new Documentation(shape, symbol, place, walk).apply(comment, tags);
}

class Documentation {
  private readonly annotations: MutableAnnotations;
  private readonly node: ts.Node;

  constructor(
    private shape: Shape,
    symbol: ts.Symbol,
    place: TypePlace,
    private readonly walk: TypeWalk,
  ) {
    this.annotations = { ...shape.annotations };
    this.node = symbol.declarations?.[0] ?? place.node;
  }

  apply(comment: string | null, tags: readonly DocumentationTag[]): Shape {
    if (comment !== null) this.annotations.description = comment;
    // Examples of this comment replace those of the type below, all together.
    const hasExamples = tags.some(({ name }) => name === 'example' || name === 'examples');
    if (hasExamples) delete this.annotations.examples;
    // Limits first: they decide which values are fit to be a default.
    for (const { name, text } of tags) this.applyConstraint(name, text);
    for (const tag of tags) this.applyTag(tag);
    return Object.keys(this.annotations).length > 0 ? { ...this.shape, annotations: this.annotations } : this.shape;
  }

  private applyTag({ name, text }: DocumentationTag): void {
    switch (name) {
      case 'title':
        this.annotations.title = text;
        return;
      case 'description':
        this.annotations.description = text;
        return;
      case 'deprecated':
        this.annotations.deprecated = true;
        return;
      case 'default':
      case 'defaultValue':
        this.applyDefault(name, text);
        return;
      case 'example':
        this.applyExample(text);
        return;
      case 'examples':
        this.applyExamples(text);
    }
  }

  /** The type says how the text is to be read: `1` is a number here and a text there. */
  private reading(text: string): Json | undefined {
    return readings(text).find((value) => acceptsValue(this.shape, value, NOTHING_DEFINED));
  }

  private applyDefault(name: string, text: string): void {
    const value = this.reading(text);
    if (value === undefined) {
      this.walk.complain('TAG_INVALID', `@${name} ${text} does not fit its type.`, this.node);
      return;
    }
    this.annotations.default = value;
    this.checkLater(`@${name} ${text}`, value);
  }

  /** Comments hold examples of code as well; only those that are values of the type are examples here. */
  private applyExample(text: string): void {
    const value = this.reading(text);
    if (value !== undefined) this.annotations.examples = [...(this.annotations.examples ?? []), value];
  }

  private applyExamples(text: string): void {
    const values = listValue(text);
    if (!values) {
      this.walk.complain('TAG_INVALID', `@examples ${text} is not a JSON list.`, this.node);
      return;
    }
    this.annotations.examples = [...(this.annotations.examples ?? []), ...values];
    for (const value of values) this.checkLater(`${JSON.stringify(value)} among @examples`, value);
  }

  /** When every definition is read, a value that a reference was trusted with is held against it. */
  private checkLater(what: string, value: Json): void {
    const { shape } = this;
    this.walk.later((definitions) => {
      if (!acceptsValue(shape, value, definitions)) this.walk.complain('TAG_INVALID', `${what} does not fit its type.`, this.node);
    });
  }

  private applyConstraint(name: string, text: string): void {
    const tag = constraintTag(name);
    if (!tag) return;
    const parsed = tag.parse(text);
    if (!parsed.ok) {
      this.walk.complain('TAG_INVALID', `@${name}${text === '' ? '' : ` ${text}`} is not ${parsed.expected}.`, this.node);
      return;
    }
    const constrained = constrain(this.shape, name, tag, parsed.value);
    if (constrained) this.shape = constrained;
    else
      this.walk.complain(
        'TAG_MISPLACED',
        `@${name} limits ${tag.noun}, which this is not${this.shape.kind === 'ref' ? ` (it is a ${this.shape.to}, with a comment of its own)` : ''}.`,
        this.node,
      );
  }
}
