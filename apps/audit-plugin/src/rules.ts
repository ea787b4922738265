import type { CancelRequest, Json, PluginAttempt, SubmitRequest } from '@taskloom/core';

import { isWithin, type TimeWindow } from './time-window.js';

export type Names = string | readonly string[];

interface RuleBase {
  /** Unique; the refusal and its line in the file name it. */
  readonly name: string;
  /** What the refused are told. */
  readonly reason: string;
  /** Refuses only then. */
  readonly during?: TimeWindow;
  /** Refuses only when it is not then. */
  readonly outside?: TimeWindow;
}

/** Refuses jobs. */
export interface SubmitRule extends RuleBase {
  readonly refuse: 'submit';
  /** A job of an explicit graph has none. */
  readonly workflow?: Names;
  readonly tenant?: Names;
  /** Whether it is about a job with this input. What it throws refuses, too. */
  readonly input?: (input: Json) => boolean;
}

/** Does not let attempts start: their tasks wait for a person. */
export interface StartRule extends RuleBase {
  readonly refuse: 'start';
  readonly agent?: Names;
  readonly workflow?: Names;
  readonly tenant?: Names;
  /** Whether it is about an attempt with this input, `undefined` where it has none. What it throws fails the attempt. */
  readonly input?: (input: Json | undefined) => boolean;
}

/** Refuses to cancel jobs and tasks. */
export interface CancelRule extends RuleBase {
  readonly refuse: 'cancel';
  /** Who asks: `user`, or `user:` and a name. */
  readonly actor?: Names;
}

/** Refuses what fits all that it says; one that says nothing more refuses everything of its kind. */
export type AuditRule = SubmitRule | StartRule | CancelRule;

/** What a job without a tenant of its own belongs to. */
const DEFAULT_TENANT = 'default';

/** The first rule that refuses. */
export class Rules {
  constructor(
    private readonly rules: readonly AuditRule[],
    private readonly now: () => number,
  ) {}

  has(kind: AuditRule['refuse']): boolean {
    return this.rules.some(({ refuse }) => refuse === kind);
  }

  refusingSubmit({ workflow, input, options }: SubmitRequest): AuditRule | null {
    const { tenant = DEFAULT_TENANT } = options;
    return this.first(
      (rule) =>
        rule.refuse === 'submit' &&
        names(rule.workflow, workflow) &&
        names(rule.tenant, tenant) &&
        (rule.input === undefined || said(rule, rule.input(input))),
    );
  }

  refusingStart({ agent, workflow, tenant }: PluginAttempt, input: Json | undefined): AuditRule | null {
    return this.first(
      (rule) =>
        rule.refuse === 'start' &&
        names(rule.agent, agent) &&
        names(rule.workflow, workflow) &&
        names(rule.tenant, tenant) &&
        (rule.input === undefined || said(rule, rule.input(input))),
    );
  }

  refusingCancel({ actor }: CancelRequest): AuditRule | null {
    return this.first((rule) => rule.refuse === 'cancel' && names(rule.actor, actor));
  }

  private first(fits: (rule: AuditRule) => boolean): AuditRule | null {
    const now = this.now();
    const isNow = ({ during, outside }: AuditRule): boolean =>
      (during === undefined || isWithin(now, during)) && (outside === undefined || !isWithin(now, outside));
    return this.rules.find((rule) => isNow(rule) && fits(rule)) ?? null;
  }
}

function names(wanted: Names | undefined, actual: string | null): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === actual : actual !== null && wanted.includes(actual);
}

/** A promise would refuse always, and `undefined` never. */
function said({ name }: AuditRule, answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  throw new TypeError(`\`input\` of the rule "${name}" returned a value of the type ${typeof answer}; it must return true or false`);
}
