import { relative } from 'node:path';

import type { ts } from 'ts-morph';

import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { DefinitionHead } from '../reader/definitions/definition-head.js';
import type { HeadOptions } from '../reader/definitions/head-options.js';
import { derivedSides, type DerivedSides } from '../reader/derived-document.js';
import type { EvaluatedBinding } from '../reader/evaluation/evaluation-protocol.js';
import { givenDocument } from '../reader/given-document.js';
import { givenTopics } from '../reader/given-topics.js';
import { messageDocument } from '../reader/message-document.js';
import { PENDING_DOCUMENT } from '../reader/types/rules/pending-rule.js';
import type { Direction, TypeRule } from '../reader/types/type-rule.js';
import type { CatalogEntry, TopicEntry } from '../shape/catalog.js';
import type { SchemaDocument } from '../shape/schema-document.js';

/** What an agent makes of a message is whatever it returns. */
const ANY_OUTPUT: SchemaDocument = { root: { kind: 'any' }, definitions: new Map(), given: {} };

/** What a side is known to be: not read yet, read, or surely without a schema. */
type SideState = SchemaDocument | 'pending' | 'none';

/** An agent or workflow of which more and more becomes known. */
export class OpenEntry {
  options: HeadOptions = { description: '', version: '1', capabilities: [] };
  private input: SideState = 'pending';
  private output: SideState = 'pending';
  /** What the types came to, once they were read. */
  derivedSides: DerivedSides | null = null;
  /** Topics of an agent, once its module was loaded. */
  subscribes: readonly TopicEntry[] = [];
  publishes: readonly TopicEntry[] = [];
  /** Sides that the class gives no schema for. */
  private derived: readonly Direction[] = [];

  constructor(
    readonly head: DefinitionHead,
    private readonly rules: readonly TypeRule[],
    /** The project's folder. */
    private readonly directory: string,
  ) {}

  /** Takes the schemas that the class gives, and finds out which ones it leaves to its types. */
  takeGiven(evaluated: EvaluatedBinding | null): Diagnostic[] {
    const problems = evaluated ? this.takeTopics(evaluated) : [];
    if (this.head.isSubscriber) {
      if (evaluated) this.input = messageDocument(evaluated.subscribes ?? []);
      this.output = ANY_OUTPUT;
      return problems;
    }
    const derived: Direction[] = [];
    for (const side of ['input', 'output'] as const) {
      const schema = evaluated?.[side] ?? null;
      if (schema) {
        const document = givenDocument(this.head, side, schema);
        if ('code' in document) problems.push(document);
        else this[side] = document;
      } else if (this.head[side].given === 'no' || evaluated) derived.push(side);
    }
    // A workflow that gives its input schema says with it that its jobs have no output.
    const isClosed = this.head.found.kind === 'workflow' && !derived.includes('input') && derived.includes('output');
    if (isClosed) this.output = 'none';
    this.derived = isClosed ? [] : derived;
    return problems;
  }

  private takeTopics(evaluated: EvaluatedBinding): Diagnostic[] {
    const problems: Diagnostic[] = [];
    for (const option of ['subscribes', 'publishes'] as const) {
      const topics = givenTopics(this.head, option, evaluated[option]);
      if ('code' in topics) problems.push(topics);
      else this[option] = topics;
    }
    return problems;
  }

  sidesToDerive(): readonly Direction[] {
    return this.derived;
  }

  /** Derives the sides left to types. With any diagnostic, nothing of it is taken. */
  derive(checker: ts.TypeChecker): readonly Diagnostic[] {
    const sides = derivedSides(this.head, this.derived, checker, this.rules);
    if (sides.diagnostics.length > 0) return sides.diagnostics;
    this.takeDerived(sides);
    return [];
  }

  /** Takes what was derived, now or in an earlier run. */
  takeDerived(sides: DerivedSides): void {
    this.derivedSides = sides;
    for (const side of this.derived) this[side] = sides[side] ?? 'none';
  }

  /** What the module that stands in for the generated one has of it. */
  seen(): readonly unknown[] {
    return [this.head.name, documentOf(this.input), documentOf(this.output)];
  }

  /** The entry as far as it is known. */
  entry(): CatalogEntry {
    const { name, place, found } = this.head;
    const source = relative(this.directory, found.file.fileName).replaceAll('\\', '/');
    const base = { name, ...this.options, className: found.binding, source, place, input: documentOf(this.input) ?? PENDING_DOCUMENT };
    const output = documentOf(this.output);
    if (found.kind === 'workflow') return { ...base, kind: 'workflow', output };
    const [subscribes, publishes] = [this.subscribes, this.publishes].map((topics) => topics.map((topic) => topic.name)) as [
      string[],
      string[],
    ];
    return { ...base, kind: 'agent', subscribes, publishes, output: output ?? PENDING_DOCUMENT };
  }
}

function documentOf(state: SideState): SchemaDocument | null {
  if (state === 'none') return null;
  return state === 'pending' ? PENDING_DOCUMENT : state;
}
