/* Checked by the compiler only: which classes the decorators accept, and what follows for flows. */
import type { Flow, Ref, TaskContext } from '@taskloom/core';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import { TaskAgent, Workflow, type TaskAgentOptions } from './index.js';

const Path = z.object({ path: z.string() });
const Summary = z.object({ summary: z.string(), lines: z.number().int() });

// --- what fits -------------------------------------------------------------------------------------------------------

@TaskAgent({
  name: 'summarise-file',
  description: 'Summarises one source file',
  version: '1',
  input: Path,
  output: Summary,
  capabilities: ['read-files'],
  retry: { maxAttempts: 3, backoff: 'exponential' },
  timeout: '30s',
  concurrency: 8,
})
export class SummariseFile {
  constructor(private readonly files: { read(path: string): string }) {}

  async execute(input: { path: string }, ctx: TaskContext): Promise<{ summary: string; lines: number }> {
    ctx.signal.throwIfAborted();
    return { summary: this.files.read(input.path), lines: 1 };
  }
}

@TaskAgent({
  name: 'careful',
  input: Path,
  output: Summary,
  durability: 'at-most-once',
  review: (output, input) => {
    expectTypeOf(output).toEqualTypeOf<{ summary: string; lines: number }>();
    expectTypeOf(input).toEqualTypeOf<{ path: string }>();
    return output.lines > 0 || 'no lines';
  },
  onTimeout: ({ attempt }) => (attempt > 1 ? 'terminate-job' : 'go-on'),
})
export class Careful {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'synchronous', input: Path, output: Summary })
export class Synchronous {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'sometimes-a-promise', input: Path, output: Summary })
export class SometimesAPromise {
  execute(input: { path: string }): z.input<typeof Summary> | Promise<z.input<typeof Summary>> {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'ignores-its-input', input: Path, output: Summary })
export class IgnoresItsInput {
  execute() {
    return { summary: '', lines: 0 };
  }
}

@TaskAgent({ name: 'takes-more-than-it-gets', input: Path, output: Summary })
export class TakesMoreThanItGets {
  execute(input: { path: string | null; depth?: number }) {
    return { summary: input.path ?? '', lines: input.depth ?? 0 };
  }
}

abstract class Base {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'inherits-execute', input: Path, output: Summary })
export class InheritsExecute extends Base {}

/** `execute` sees the parsed side of the input schema: the default is filled in, the text has become a number. */
@TaskAgent({
  name: 'parsed-input',
  input: z.object({ depth: z.number().default(3), count: z.string().transform(Number) }),
  output: z.unknown(),
})
export class ParsedInput {
  execute(input: { depth: number; count: number }) {
    return { depth: input.depth + input.count };
  }
}

/** What `execute` returns is the input side of the output schema: a default may be left out. */
@TaskAgent({ name: 'output-with-default', input: z.object({}), output: z.object({ note: z.string().default('none') }) })
export class OutputWithDefault {
  execute() {
    return {};
  }
}

@TaskAgent({
  name: 'optional-properties',
  input: z.object({ note: z.string().optional() }),
  output: z.object({ note: z.string().optional() }),
})
export class OptionalProperties {
  execute(input: { note?: string | undefined }): { note?: string } {
    return input.note === undefined ? {} : { note: input.note };
  }
}

/** Without schemas nothing is compared; the generator derives them from these types. */
@TaskAgent({ name: 'no-schemas' })
export class NoSchemas {
  async execute(input: { path: string; depth?: number }): Promise<{ found: readonly string[] }> {
    return { found: [input.path] };
  }
}

// --- what does not ---------------------------------------------------------------------------------------------------

// @ts-expect-error `path` is a string in the schema
@TaskAgent({ name: 'wrong-input', input: Path, output: Summary })
export class WrongInput {
  execute(input: { path: number }) {
    return { summary: String(input.path), lines: 1 };
  }
}

// @ts-expect-error the schema has no `depth`. A method would pass here if the constraint were one: `{ path }` is assignable one way
@TaskAgent({ name: 'narrower-input', input: Path, output: Summary })
export class NarrowerInput {
  execute(input: { path: string; depth: number }) {
    return { summary: input.path, lines: input.depth };
  }
}

// @ts-expect-error only one kind of what the schema lets through is handled
@TaskAgent({
  name: 'half-a-union',
  input: z.union([z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
  output: z.unknown(),
})
export class HalfAUnion {
  execute(input: { kind: 'a' }) {
    return { kind: input.kind };
  }
}

// @ts-expect-error `note` may be absent
@TaskAgent({ name: 'optional-taken-as-present', input: z.object({ note: z.string().optional() }), output: z.unknown() })
export class OptionalTakenAsPresent {
  execute(input: { note: string }) {
    return { note: input.note };
  }
}

// @ts-expect-error `execute` gets the number that the transform made, not the text
@TaskAgent({ name: 'unparsed-input', input: z.object({ count: z.string().transform(Number) }), output: z.unknown() })
export class UnparsedInput {
  execute(input: { count: string }) {
    return { count: input.count };
  }
}

// @ts-expect-error `lines` is a number in the schema
@TaskAgent({ name: 'wrong-output', input: Path, output: Summary })
export class WrongOutput {
  execute() {
    return { summary: '', lines: 'many' };
  }
}

// @ts-expect-error `lines` is missing in what the promise holds
@TaskAgent({ name: 'wrong-promised-output', input: Path, output: Summary })
export class WrongPromisedOutput {
  async execute() {
    return { summary: '' };
  }
}

// @ts-expect-error the declared output needs a value
@TaskAgent({ name: 'returns-nothing', input: Path, output: Summary })
export class ReturnsNothing {
  execute(): void {}
}

// @ts-expect-error only the input is declared, and it does not fit
@TaskAgent({ name: 'one-side-declared', input: Path })
export class OneSideDeclared {
  execute(input: { root: string }) {
    return input.root;
  }
}

// @ts-expect-error there is no `execute`
@TaskAgent({ name: 'no-execute' })
export class NoExecute {
  run(): void {}
}

// @ts-expect-error `execute` is private
@TaskAgent({ name: 'private-execute' })
export class PrivateExecute {
  private execute(): void {}

  run(): void {
    this.execute();
  }
}

// @ts-expect-error `execute` is static
@TaskAgent({ name: 'static-execute' })
export class StaticExecute {
  static execute(): void {}
}

// @ts-expect-error NestJS could not construct it
@TaskAgent({ name: 'abstract-class' })
export abstract class AbstractClass {
  abstract execute(): void;
}

// @ts-expect-error the second parameter is the context
@TaskAgent({ name: 'wrong-context' })
export class WrongContext {
  execute(_input: { path: string }, ctx: { database: string }) {
    return ctx.database;
  }
}

// @ts-expect-error the options are missing
@TaskAgent
export class WithoutCall {
  execute(): void {}
}

// @ts-expect-error the name is missing
@TaskAgent({})
export class WithoutName {
  execute(): void {}
}

// @ts-expect-error a text is no options object
@TaskAgent('name')
export class NameOnly {
  execute(): void {}
}

export class OnMembers {
  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-method' })
  execute(): void {}

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-an-accessor' })
  get value() {
    return 1;
  }

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-static' })
  static make(): void {}

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-property' })
  name = 'x';
}

// @ts-expect-error `retries` is no option
export const unknownOption: TaskAgentOptions<typeof Path, typeof Summary> = { name: 'a', retries: 3 };
// @ts-expect-error `retries` is no option
TaskAgent({ name: 'a', retries: 3 });
// @ts-expect-error one capability is still a list
TaskAgent({ name: 'a', capabilities: 'read-files' });
// @ts-expect-error a capability is a text
TaskAgent({ name: 'a', capabilities: [1] });
// @ts-expect-error five minutes are '5m'
TaskAgent({ name: 'a', timeout: '5 minutes' });
// @ts-expect-error there is no such backoff
TaskAgent({ name: 'a', retry: { maxAttempts: 3, backoff: 'sometimes' } });
// @ts-expect-error a plain object is no schema
TaskAgent({ name: 'a', input: { path: 'string' } });
// @ts-expect-error `output` is for values; a constructor is no schema
TaskAgent({ name: 'a', output: String });
// @ts-expect-error `execute` is the class's, not an option
TaskAgent({ name: 'a', execute: () => ({}) });

// --- workflows -------------------------------------------------------------------------------------------------------

const ReportInput = z.object({ root: z.string(), depth: z.number().default(3) });
const ReportOutput = z.object({ summary: z.string(), note: z.string().optional(), all: z.array(z.string()) });

@Workflow({ name: 'repository-report', input: ReportInput, output: ReportOutput })
export class RepositoryReport {
  plan(flow: Flow, input: { root: string; depth: number }) {
    const file = flow.add(SummariseFile, { path: input.root });
    expectTypeOf(file.out.lines).toExtend<Ref<number>>();

    // @ts-expect-error a number does not fit where a path is wanted
    flow.add(SummariseFile, { path: file.out.lines });
    // @ts-expect-error a whole output does not fit where a path is wanted
    flow.add(SummariseFile, { path: file.out });
    // @ts-expect-error `path` is missing
    flow.add(SummariseFile, {});
    // @ts-expect-error a workflow is no agent
    flow.add(ClosesOverNothing, { root: 'x' });

    const noted = flow.add(OptionalProperties, {});
    // @ts-expect-error an optional property stays optional in its ref
    flow.add(SummariseFile, { path: noted.out.note });
    flow.add(SummariseFile, { path: noted.out.note.or('none') });

    return { summary: file.out.summary, note: noted.out.note, all: [file.out.summary, 'and a plain value'] };
  }
}

@Workflow({ name: 'asynchronous-plan', input: ReportInput, output: z.object({ summary: z.string() }) })
export class AsynchronousPlan {
  async plan(flow: Flow, input: { root: string }) {
    return flow.add(SummariseFile, { path: input.root }).out;
  }
}

@Workflow({ name: 'no-output', input: ReportInput })
export class ClosesOverNothing {
  plan(flow: Flow, input: { root: string }): void {
    flow.add(SummariseFile, { path: input.root });
  }
}

@Workflow({ name: 'no-workflow-schemas' })
export class NoWorkflowSchemas {
  plan(flow: Flow, input: { readonly root: string }) {
    return { summary: flow.add(SummariseFile, { path: input.root }).out.summary };
  }
}

// @ts-expect-error `lines` is a number, the declared summary a text
@Workflow({ name: 'wrong-planned-output', input: ReportInput, output: z.object({ summary: z.string() }) })
export class WrongPlannedOutput {
  plan(flow: Flow, input: { root: string }) {
    return { summary: flow.add(SummariseFile, { path: input.root }).out.lines };
  }
}

// @ts-expect-error the declared output needs refs
@Workflow({ name: 'forgets-its-output', input: ReportInput, output: z.object({ summary: z.string() }) })
export class ForgetsItsOutput {
  plan(flow: Flow, input: { root: string }): void {
    flow.add(SummariseFile, { path: input.root });
  }
}

// @ts-expect-error `root` is a string in the schema
@Workflow({ name: 'wrong-plan-input', input: ReportInput })
export class WrongPlanInput {
  plan(_flow: Flow, input: { root: number }) {
    return input.root;
  }
}

// @ts-expect-error the flow comes first
@Workflow({ name: 'parameters-swapped', input: ReportInput })
export class ParametersSwapped {
  plan(input: { root: string }, _flow: Flow) {
    return input.root;
  }
}

// @ts-expect-error there is no `plan`
@Workflow({ name: 'no-plan', input: ReportInput })
export class NoPlan {
  execute(): void {}
}

// @ts-expect-error `timeout` is no option of a workflow
Workflow({ name: 'a', timeout: '5m' });
