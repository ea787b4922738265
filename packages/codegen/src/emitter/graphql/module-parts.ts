/* Parts of the generated module that are the same for every project. */

export const JSON_SCALAR_TEXT = `/** Any JSON value: what GraphQL has no type of its own for. */
export const Json = new GraphQLScalarType({
  name: 'Json',
  description: 'Any JSON value.',
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
`;

export const JOB_CLASS = `/** What every job has. */
@ObjectType({ isAbstract: true })
export abstract class WorkflowJob {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String, { description: 'RUNNING, COMPLETED, FAILED …' })
  readonly status!: string;

  @Field(() => Boolean, { nullable: true, description: 'Absent until it has ended.' })
  readonly success?: boolean | null;

  @Field(() => Int, { description: 'How far it is in percent, by the weights of its tasks.' })
  readonly progress!: number;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  readonly error?: string | null;
}
`;

export const HELPERS = `/** Fields of an input that may be absent and never null, and the inputs within it. */
interface Absent {
  readonly names: readonly string[];
  readonly within: { readonly [name: string]: () => Absent };
}

/** An input as plain JSON. GraphQL does not tell null from absent, schemas do. */
function plain(value: unknown, absent: Absent | null): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, absent));
  if (typeof value !== 'object' || value === null || absent === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]: [string, unknown]) =>
      part === undefined || (part === null && absent.names.includes(name)) ? [] : [[name, plain(part, absent.within[name]?.() ?? null)]],
    ),
  );
}

async function started(engine: Engine, name: string, input: unknown, idempotencyKey: string | null | undefined): Promise<WorkflowJob> {
  const options: JobOptions = idempotencyKey === null || idempotencyKey === undefined ? {} : { idempotencyKey };
  return coded(async () => shown(await (await engine.startWorkflow(name, input as WorkflowInputOf<string>, options)).status()));
}

async function found(engine: Engine, name: string, id: string): Promise<WorkflowJob | null> {
  try {
    const job = await engine.job(id).status();
    return job.workflow === name ? shown(job) : null;
  } catch (error) {
    if (isTaskloomError(error) && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function outputOf(engine: Engine, { id, status }: Readonly<WorkflowJob>): Promise<unknown> {
  return status === 'COMPLETED' ? coded(() => engine.job(id).result()) : null;
}

function shown({ id, status, success, progress, error }: JobView): WorkflowJob {
  return { id, status, success, progress: Math.floor(progress), error: error?.message ?? null };
}

/** Errors that have a code keep it. */
async function coded<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isTaskloomError(error)) throw error;
    throw new GraphQLError(error.message, { extensions: { code: error.code, remedy: error.remedy } });
  }
}
`;
