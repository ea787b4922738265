/* Checked by the compiler only: how code uses what is generated, and what it is refused. */
import type { Engine, Flow, PlacedTask, Ref, Schema, TaskContext, TaskDraft } from '@taskloom/core';
import { expectTypeOf } from 'expect-type';

import {
  agentNames,
  echo,
  manifest,
  weighFiles,
  workflowNames,
  type AgentName,
  type EchoOutput,
  type TickOutput,
  type WeighFilesInput,
  type WorkflowName,
} from './generated/taskloom.generated.js';

export function builders(flow: Flow, files: WeighFilesInput['files']): void {
  // Every option of a task, one after the other: each gives the same draft back.
  const draft = echo({ text: 'x' })
    .named('first')
    .describedAs('First', 'The first one')
    .retry({ maxAttempts: 3, backoff: 'exponential' })
    .timeout('10s')
    .priority(8)
    .review('manual')
    .onFailure('skip');
  expectTypeOf(draft).toEqualTypeOf<TaskDraft<EchoOutput>>();
  const first = flow.add(draft);
  expectTypeOf(first).toEqualTypeOf<PlacedTask<EchoOutput>>();
  expectTypeOf(first.out.echoed.text).toExtend<Ref<string>>();

  // Values, refs, and values with refs in them.
  echo({ text: first.out.echoed.text });
  echo(first.out.echoed);
  const weighed = flow.add(weighFiles({ files, colour: 'red', limit: 3, patch: { path: first.out.echoed.text } }));
  expectTypeOf(weighed.out.total).toExtend<Ref<number>>();
  expectTypeOf(weighed.out.at).toExtend<Ref<string>>();

  // @ts-expect-error the input is missing
  echo();
  // @ts-expect-error `text` is missing
  echo({});
  // @ts-expect-error `text` is a text
  echo({ text: 1 });
  // @ts-expect-error there is no `loud`
  echo({ text: 'x', loud: true });
  // @ts-expect-error a ref to a number is no text
  echo({ text: weighed.out.total });
  // @ts-expect-error a whole output is no text
  echo({ text: first.out });
  // @ts-expect-error there is no such colour
  weighFiles({ files, colour: 'blue' });
  // @ts-expect-error a date travels as text
  weighFiles({ files: { items: [{ path: 'a', size: 1, modifiedAt: new Date(), level: 'low' }] }, colour: 'red' });
  // @ts-expect-error there is no such option of a task
  echo({ text: 'x' }).retries(3);
  // @ts-expect-error an option has its type
  echo({ text: 'x' }).priority('high');
}

export async function names(ctx: TaskContext, engine: Engine): Promise<void> {
  expectTypeOf<AgentName>().toEqualTypeOf<'echo' | 'tick' | 'weigh-files'>();
  expectTypeOf<WorkflowName>().toEqualTypeOf<'only-do' | 'say-twice'>();
  expectTypeOf(agentNames).toEqualTypeOf<readonly ['echo', 'tick', 'weigh-files']>();
  expectTypeOf(workflowNames).toEqualTypeOf<readonly ['only-do', 'say-twice']>();
  expectTypeOf<TickOutput>().toEqualTypeOf<null>();

  const { echoed } = await ctx.need('echo', { text: 'x' });
  expectTypeOf(echoed).toEqualTypeOf<{ text: string }>();
  // @ts-expect-error `text` is a text
  await ctx.need('echo', { text: 1 });

  const job = await engine.startWorkflow('say-twice', { text: 'x' });
  expectTypeOf((await job.result()).both).toEqualTypeOf<[string, string]>();
  // @ts-expect-error `text` is missing
  await engine.startWorkflow('say-twice', {});
}

/** The manifest's schemas are validators like any others. */
export function validators(): Schema | undefined {
  expectTypeOf(manifest.agents['echo']?.input).toEqualTypeOf<Schema | undefined>();
  return manifest.agents['echo']?.input;
}
