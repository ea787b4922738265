/* How a browser uses the generated client. Compiled with the strictest flags, without Node's types. */
import { TaskloomClient, type Json } from '@taskloom/client';

import { workflowsOf, type HumanRequest, type ReleaseInput, type ReleaseOutput } from './generated/client/workflows.client.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_isSame: Same<A, B>): void => {};

export async function release(url: string): Promise<ReleaseOutput> {
  const workflows = workflowsOf(new TaskloomClient({ url, transport: 'sse', retryAttempts: 0 }));
  const input: ReleaseInput = { version: '1.0', parts: [{ name: 'a', parts: [{ name: 'b' }] }], on: '2026-01-01T00:00:00Z' };
  const job = await workflows.release.start(input, { idempotencyKey: 'release-1.0' });
  for await (const request of job.humanRequests()) {
    if (request.status === 'OPEN') await job.answer(request, { approve: true }, { reason: 'looks good' });
    if (request.status === 'ANSWERED') break;
  }
  return job.result();
}

export async function types(url: string): Promise<void> {
  const workflows = workflowsOf(new TaskloomClient({ url }));
  same<keyof typeof workflows, 'cleanUp' | 'delete' | 'nothing' | 'release' | 'workflowJob'>(true);

  const found = await workflows.release.find('1');
  if (found) same<Awaited<ReturnType<typeof found.result>>, { released: boolean; by: 'hand' | 'machine' }>(true);
  const state = await found?.state();
  same<typeof state, { readonly status: string } | null | undefined>(false);
  if (state) same<typeof state.status, 'AWAITING_CONFIRMATION' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED'>(true);

  await workflows.cleanUp.start();
  await workflows.cleanUp.start({ olderThanDays: 3 }, { priority: 1 });
  await workflows.nothing.start();
  await workflows.delete.start(null);
  await workflows.workflowJob.start(['a']);
  const deleted = await (await workflows.delete.start(null)).result();
  same<(typeof deleted.parts)[number]['name'], string>(true);

  // @ts-expect-error -- the input is missing
  await workflows.release.start();
  // @ts-expect-error -- `parts` is missing
  await workflows.release.start({ version: '1.0', on: '2026-01-01T00:00:00Z' });
  // @ts-expect-error -- a date travels as text
  await workflows.release.start({ version: '1.0', parts: [], on: new Date() });
  // @ts-expect-error -- there is no such option
  await workflows.cleanUp.start({}, { idempotenceKey: 'x' });
  // @ts-expect-error -- it takes nothing
  await workflows.nothing.start({ olderThanDays: 3 });
  // @ts-expect-error -- there is no such workflow
  void workflows.releases;
}

export async function decisions(job: NonNullable<Awaited<ReturnType<ReturnType<typeof workflowsOf>['release']['find']>>>): Promise<void> {
  const failure = {} as HumanRequest<'FAILURE'>;
  await job.answer(failure, { decision: 'retry' });
  await job.answer(failure, { decision: 'value', value: { any: ['json'] } satisfies Json });
  await job.answer({} as HumanRequest<'QUESTION'>, 'yes');
  // @ts-expect-error -- what to do about a failed task is one of four things
  await job.answer(failure, { decision: 'give-up' });
  // @ts-expect-error -- an answer is JSON
  await job.answer({} as HumanRequest<'QUESTION'>, () => {});
}
