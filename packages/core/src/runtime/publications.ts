import type { TopicDefinition } from '../authoring/topic.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { taskIdOf } from '../kernel/ids.js';
import { byteLength, type Json } from '../kernel/json.js';
import { nearest } from '../kernel/nearest.js';
import type { Grant } from '../ledger/committed.js';
import type { Publish } from '../model/command.js';
import { checkedInput } from './checked-input.js';
import type { Memo } from './memo.js';

/** What is published, as the command says it. */
export type Publication = Pick<Publish, 'topic' | 'name' | 'message' | 'value'>;

export interface PublicationsParts {
  readonly grant: Grant;
  readonly memo: Memo;
  readonly clock: Clock;
  /** Of a payload. */
  readonly maxBytes: number;
  /** Topics that the agent declares. */
  readonly declared: readonly TopicDefinition[];
  /** Resolves when the message and its deliveries are durable. */
  readonly send: (publication: Publication) => Promise<void>;
  /** @throws TaskloomError `ATTEMPT_ENDED` */
  readonly requireCurrent: () => void;
}

/** `ctx.publish` of one run. */
export class Publications {
  /** Names given out to publications of the same content. */
  private readonly taken = new Set<string>();

  constructor(private readonly parts: PublicationsParts) {}

  /**
   * Publishes, unless an earlier run of the task has. `step` is the step that it is done in: what a later run leaves out
   * with the step does not count there.
   */
  async publish(topic: TopicDefinition, payload: Json, key: string | undefined, step: string | null): Promise<void> {
    const { memo, maxBytes, requireCurrent, send } = this.parts;
    requireCurrent();
    const { name, payloadSchema } = this.requireDeclared(topic);
    const given = await checkedInput(payloadSchema, payload, maxBytes, `The message on "${name}"`, { topic: name });
    const memoName = key === undefined ? this.nextName(name, given, step) : `${name} ${key}`;
    if (await memo.published(memoName)) return;
    try {
      requireCurrent();
      await send(this.publication(name, memoName, given));
    } catch (error) {
      this.taken.delete(memoName);
      memo.refused('publish', memoName);
      throw error;
    }
  }

  private requireDeclared(topic: TopicDefinition): TopicDefinition {
    const { declared, grant } = this.parts;
    const wanted = String((topic as Partial<TopicDefinition> | null | undefined)?.name).slice(0, 80);
    const found = declared.find(({ name }) => name === wanted);
    if (found) return found;
    const names = declared.map(({ name }) => name);
    const near = nearest(wanted, names);
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `it declares ${names.length > 0 ? names.join(', ') : 'none'}.`;
    throw new TaskloomError('TOPIC_UNDECLARED', `The agent "${grant.agent}" does not declare that it publishes on "${wanted}"; ${hint}`, {
      details: { agent: grant.agent, topic: wanted, nearest: near },
    });
  }

  /** By its content; what is said again is counted. */
  private nextName(topic: string, payload: Json, step: string | null): string {
    const base = `${topic} #${hashJson(step === null ? [payload] : [payload, step])}`;
    let name = base;
    for (let count = 2; this.taken.has(name); count += 1) name = `${base} ${count}`;
    this.taken.add(name);
    return name;
  }

  private publication(topic: string, name: string, payload: Json): Publication {
    const { grant, clock } = this.parts;
    const publishedBy = taskIdOf(grant.jobId, grant.no);
    const id = `${publishedBy}:${grant.generation}:${hashJson(name).slice(0, 16)}`;
    const message = { topic, payload, id, publishedBy, publishedAt: new Date(clock.now()).toISOString() };
    const json = JSON.stringify(message);
    return { topic, name, message, value: { json, bytes: byteLength(json) } };
  }
}
