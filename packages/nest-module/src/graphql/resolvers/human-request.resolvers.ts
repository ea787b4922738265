import type { HumanRequestView } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { AnswerHumanRequestArgs } from '../args/answer-human-request.args.js';
import { HumanRequestsArgs } from '../args/human-requests.args.js';
import { IdArgs } from '../args/id.args.js';
import { OptionalJobIdArgs } from '../args/optional-job-id.args.js';
import { Args, Mutation, Query, Resolver, Subscription } from '../decorators.js';
import { checkedRequestId, jobIdOf } from '../ids.js';
import { humanRequestUpdates } from '../live/human-request-updates.js';
import { push, type PushedRows } from '../live/push.js';
import { pageSize } from '../page-size.js';
import { isGiven, present } from '../present.js';
import { HumanRequest } from '../types/human-request.type.js';

const CLOSED = ['ANSWERED', 'EXPIRED', 'WITHDRAWN'] as const satisfies readonly HumanRequestView['status'][];

@Resolver()
export class HumanRequestResolvers {
  @Query(() => [HumanRequest], { description: 'Questions to people, those of the newest job first.' })
  async humanRequests(
    _root: unknown,
    @Args() { jobId, open, assignee, first }: HumanRequestsArgs,
    { engine, budget }: ApiContext,
  ): Promise<readonly HumanRequest[]> {
    if (isGiven(jobId)) jobIdOf(jobId);
    const status = open === false ? CLOSED : (['OPEN'] as const);
    const { items } = await engine.reader.humanRequests({ ...present({ jobId, assignee }), status }, { first: pageSize(first, 100) });
    budget.take(items.length);
    return items.map((view) => new HumanRequest(view));
  }

  @Query(() => HumanRequest, { nullable: true, description: 'A question to a person, or null where there is none with that id.' })
  async humanRequest(_root: unknown, @Args() { id }: IdArgs, { engine }: ApiContext): Promise<HumanRequest | null> {
    const view = await engine.reader.humanRequest(checkedRequestId(id));
    return view && new HumanRequest(view);
  }

  @Mutation(() => HumanRequest, { description: 'Answers a question to a person. The first answer that fits its schema counts.' })
  async answerHumanRequest(
    _root: unknown,
    @Args() { id, answer, requestHash, reason }: AnswerHumanRequestArgs,
    context: ApiContext,
  ): Promise<HumanRequest> {
    const options = { ...context.control(reason), ...(isGiven(requestHash) ? { hash: requestHash } : undefined) };
    const view = await context.engine.answerHumanRequest(checkedRequestId(id), answer, options);
    context.forget();
    return new HumanRequest(view);
  }

  @Subscription(() => HumanRequest, {
    description:
      'The questions that wait for a person now, then each one when it is asked and when it is closed. With `jobId`: of one job; ends with it.',
  })
  async humanRequested(
    _root: unknown,
    @Args() { jobId }: OptionalJobIdArgs,
    { engine, permissions }: ApiContext,
  ): Promise<PushedRows<HumanRequest>> {
    if (isGiven(jobId)) await engine.requireJob(jobIdOf(jobId));
    return push(
      (signal) => humanRequestUpdates(engine, jobId ?? null, signal),
      (view) => new HumanRequest(view),
      permissions,
    );
  }
}
