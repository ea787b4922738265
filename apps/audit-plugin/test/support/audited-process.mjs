// An application with the audit plugin, as users have it installed. It runs jobs until all have ended, or until it is killed.
import { createEngine, defineAgent, definePlugin, FatalError } from '@taskloom/core';
import { auditPlugin } from '@taskloom/audit-plugin';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const { path, file, jobs, fsync } = JSON.parse(process.argv[2]);
const work = (ms) => new Promise((resolve) => setTimeout(resolve, Math.random() * ms));
const define = (name, execute, more = {}) => defineAgent({ name, input: z.any(), output: z.any(), execute, ...more });
const witness = definePlugin({ name: 'witness', onEvent: () => void process.send('event') });
const engine = createEngine({ store: { path }, maxParallel: 8, plugins: [auditPlugin({ file, fsync, maxBytes: 16_384 }), witness] });
engine.register(
  define('works', async () => {
    await work(8);
    return 1;
  }),
  define(
    'tries',
    async (_, { attempt }) => {
      await work(4);
      if (attempt.number < 3) throw new Error('not yet');
      return 1;
    },
    { retry: { maxAttempts: 3, backoff: 'fixed', delay: 2 } },
  ),
  define('fails', () => {
    throw new FatalError('never');
  }),
  define('asks', async (input, ctx) => (await ctx.need('works', input)) + (await ctx.need('tries', input))),
);
process.send('loaded');
await engine.start();
await Promise.all(
  jobs.map(async (key, no) => {
    // One after the other, so that there is always one that begins and one that ends.
    await new Promise((resolve) => setTimeout(resolve, no * 15));
    const handle = await engine.submitJob({
      name: key,
      options: { idempotencyKey: key },
      tasks: [
        { key: 'a', agent: 'works', input: no },
        { key: 'b', agent: 'tries', dependsOn: ['a'] },
        { key: 'c', agent: 'asks', input: no, dependsOn: ['a'] },
        { key: 'd', agent: no % 3 === 0 ? 'fails' : 'works', dependsOn: ['b', 'c'] },
        { key: 'e', agent: 'works', dependsOn: ['d'] },
      ],
    });
    await handle.result().catch(() => undefined);
  }),
);
// A disk may be slower than the engine, which does not wait for plugins for ever when it stops.
while (endsIn(file) < jobs.length) await new Promise((resolve) => setTimeout(resolve, 20));
await engine.stop();
process.send('done');
process.disconnect();

function endsIn(auditFile) {
  try {
    const texts = readdirSync(dirname(auditFile)).map((name) => readFileSync(join(dirname(auditFile), name), 'utf8'));
    return texts.join('').match(/"JOB_(COMPLETED|FAILED)"/g)?.length ?? 0;
  } catch {
    // A file was given another name just now.
    return 0;
  }
}
