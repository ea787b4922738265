import { pathToFileURL } from 'node:url';
import { pathOf } from './repository.mjs';

/** Each category of codes: what its trouble has in common. Every category of the registry must be here. */
const CATEGORIES = {
  definition: [
    'What you declare',
    'Found when a class is decorated, an agent is defined, options are read or a graph is laid out. Correct the code.',
  ],
  input: ['What callers send', 'The request was refused and nothing was stored. Correct the request.'],
  graph: [
    'What is wrong in a graph',
    'The submission was refused and nothing was stored. All problems come in one error, in `details.problems`.',
  ],
  state: ['What the state does not permit', 'The request was understood, and the job or the engine stands where it cannot be done.'],
  agent: ['What happens to an attempt', 'Stored as `error` of the task. Whether another attempt follows is the retry policy’s to say.'],
  limit: ['Limits', 'Something is larger than its limit. Capacities never fail a task, sizes do.'],
  store: ['The store', 'The database cannot be opened, read or written.'],
  internal: ['Defects', 'Taskloom itself went wrong.'],
};

/** docs/errors.md, from the registries of codes in the built packages. */
export async function errorsPage() {
  const { ERROR_CODES } = await built('packages/core');
  const { API_ERROR_CODES } = await built('packages/nest-module');
  const codes = Object.entries(ERROR_CODES);
  const unknown = codes.find(([, { category }]) => !CATEGORIES[category]);
  if (unknown) throw new Error(`scripts/docs/errors.mjs does not know the category "${unknown[1].category}" of ${unknown[0]}`);

  const sections = Object.entries(CATEGORIES).map(([category, [title, introduction]]) => {
    const entries = codes.filter(([, entry]) => entry.category === category);
    return [`## ${title}`, introduction, ...entries.map(([code, entry]) => `### ${code}\n\n${entry.title} ${entry.remedy}`)].join('\n\n');
  });
  const ofApi = Object.entries(API_ERROR_CODES).map(([code, { status, remedy }]) => `### ${code}\n\nHTTP ${status}. ${remedy}`);
  return `${[HEAD, ...sections, API, ...ofApi].join('\n\n')}\n`;
}

const built = (folder) => import(pathToFileURL(pathOf(folder, 'dist', 'index.js')).href);

const API = `## Requests to the GraphQL API

Codes of \`@taskloom/nest\` for requests that never reach the engine, beside those above; each with the HTTP status it is answered with.`;

const HEAD = `<!-- Written by scripts/docs/write.mjs from ERROR_CODES in packages/core/src/errors/error-codes.ts and API_ERROR_CODES in packages/nest-module/src/errors/api-error-codes.ts. Change it there. -->

# Error codes

Every error that leaves Taskloom is a \`TaskloomError\`, or looks like one when it was stored. It has

- \`code\`: one of the codes below. It is stable: write programs against it.
- \`message\`: what happened and where, for people.
- \`remedy\`: what to do about it. The text below each code is the general one; an error that knows better says so.
- \`details\`: facts for programs, such as names, limits and JSON Pointers.
- \`category\`: one of the headings below, for callers that treat all of a kind alike.

\`isTaskloomError(error)\` recognises them, also when two copies of the package are installed. \`ConfigError\` (code \`CONFIG_INVALID\`) and \`GraphError\` also have \`problems\`, the list of everything found; \`DependencyFailedError\` (code \`DEPENDENCY_FAILED\`) names the task that failed.

Over GraphQL the code is \`extensions.code\`, beside \`extensions.remedy\` and \`extensions.details\`. The API has some codes of its own, [at the end](#requests-to-the-graphql-api); how to ask it is in [the GraphQL guide](guides/graphql.md).

What an agent throws is stored as \`AGENT_FAILED\` with the error’s own name and message, never with its stack. To steer what happens next, throw one of the [steering errors](guides/failures-and-retries.md#errors-that-steer).`;
