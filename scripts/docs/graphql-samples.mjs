import { createRequire } from 'node:module';
import { allPages } from './links.mjs';
import { pathOf, read } from './repository.mjs';

const { buildSchema, parse, validate } = createRequire(pathOf('packages/nest-module/package.json'))('graphql');
const SAMPLE = /^```graphql\n([\s\S]*?)^```$/gm;

/** What the API's schema says of the GraphQL samples: each block is one document, and may hold several operations. */
export function graphqlProblems(pages = allPages()) {
  const schema = buildSchema(read('packages/nest-module/schema.graphql'));
  return pages.flatMap((page) => {
    const text = read(page);
    return [...text.matchAll(SAMPLE)].flatMap(({ 1: sample, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return messagesFor(schema, sample).map((message) => `${page}:${line}: ${message}`);
    });
  });
}

function messagesFor(schema, sample) {
  try {
    const document = parse(sample);
    return document.definitions
      .flatMap((definition) => validate(schema, { ...document, definitions: [definition] }))
      .map(({ message }) => message);
  } catch (error) {
    return [error.message];
  }
}
