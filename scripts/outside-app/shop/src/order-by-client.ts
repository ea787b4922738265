/* Orders through the generated client, as a browser would; prints what came of it as one line of JSON. */
import { TaskloomClient } from '@taskloom/client';

import { workflowsOf } from './generated/client/workflows.client.js';

const [url = ''] = process.argv.slice(2);
// Streams need no WebSocket this way, which Node.js has from version 22 on.
const workflows = workflowsOf(new TaskloomClient({ url, transport: 'sse' }));
const job = await workflows.fulfilOrder.start(
  {
    customer: 'Ada',
    lines: [
      { article: 'TE-1', quantity: 3 },
      { article: 'MU-7', quantity: 1 },
    ],
    orderedAt: '2026-01-31T09:30:00Z',
    coupons: ['TEN-OFF'],
  },
  { idempotencyKey: 'order-1' },
);
const questions: string[] = [];
for await (const request of job.humanRequests()) {
  if (request.status === 'OPEN') {
    questions.push(request.question);
    await job.answer(request, true, { reason: 'a good customer' });
  }
}
const events: string[] = [];
for await (const { type } of job.events()) events.push(type);
const { cents, approved, by, byArticle, checks } = await job.result();
const mugs = checks.find(({ article }) => article === 'MU-7')?.stock;
const until = mugs?.kind === 'back-order' ? mugs.until : null;
const found = (await workflows.fulfilOrder.find(job.id))?.id === job.id;
const elsewhere = await workflows.welcome.find(job.id);
console.log(JSON.stringify({ cents, approved, by, byArticle, until, questions, last: events.at(-1), found, elsewhere }));
