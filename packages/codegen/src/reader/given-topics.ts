import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { TopicEntry } from '../shape/catalog.js';
import type { DefinitionHead } from './definitions/definition-head.js';
import type { EvaluatedTopic } from './evaluation/evaluation-protocol.js';
import { readJsonSchema } from './json-schema/read-json-schema.js';
import { placeOf } from './source-place.js';

/** The topics that an option of an agent lists, or what is wrong with it. */
export function givenTopics(
  head: DefinitionHead,
  option: 'subscribes' | 'publishes',
  topics: readonly EvaluatedTopic[] | null,
): readonly TopicEntry[] | Diagnostic {
  const place = placeOf(option === 'subscribes' ? head.input.node : head.publishes.node);
  if (topics === null) return diagnostic('TOPICS_INVALID', `The \`${option}\` of ${head.found.binding} is no list of topics.`, { place });
  if (option === 'publishes' && head.method === 'executeBatch' && topics.length > 0)
    return diagnostic('TOPICS_INVALID', `${head.found.binding} runs in batches, where nothing can be published.`, {
      place,
      remedy: 'Leave out `publishes`, or `batch`.',
    });
  return topics.map(({ name, description, payload }) => ({ kind: 'topic', name, description, payload: readJsonSchema(payload), place }));
}

/** Topics that are told apart by nothing but what they hold; each later one is reported with the place of the first. */
export function findTopicConflicts(topics: readonly TopicEntry[]): Diagnostic[] {
  const first = new Map<string, TopicEntry>();
  return topics.flatMap((topic) => {
    const known = first.get(topic.name);
    if (!known) first.set(topic.name, topic);
    if (!known || textOf(known) === textOf(topic)) return [];
    return diagnostic('DUPLICATE_TOPIC', `Two topics are both called "${topic.name}".`, {
      place: topic.place,
      related: [{ message: 'the other one is named here', place: known.place }],
    });
  });
}

function textOf({ description, payload }: TopicEntry): string {
  return JSON.stringify([description, payload.given]);
}
