import 'reflect-metadata';

import { createEngine, type TaskloomError } from '@taskloom/core';
import { toAgentDefinition } from '@taskloom/decorators';

import { manifest } from './generated/taskloom.generated.js';
import { WebScraper } from './web-scraper.agent.js';

const engine = createEngine({ store: { path: ':memory:' } });
const scraper = new WebScraper();
engine.register(toAgentDefinition(WebScraper, scraper, { manifest }));
await engine.start();
const schema = engine.agent('WebScraper')?.inputSchema;

const scrape = async (url: string | number) => {
  const tasks = [{ key: 'page', type: 'OBJECTIVE', agent: 'WebScraper', input: { url } }] as const;
  const handle = await engine.submitJob({ name: 'scrape', tasks });
  return handle.result();
};
const refused = await scrape(5).catch(({ code, message }: TaskloomError) => ({ code, message }));
const calledWhenRefused = scraper.calls;
const output = await scrape('https://example.org');
const jobs = (await engine.reader.jobs({}, { first: 10 })).items.length;
await engine.stop();
console.log(JSON.stringify({ schema, refused, calledWhenRefused, output, calls: scraper.calls, jobs }));
