import type { Answered, AskOptions } from '../authoring/ask-options.js';
import { describeIssues, jsonSchemaOf, validate, type Schema, type SchemaOutput } from '../authoring/schema.js';
import { cutText } from '../context/cut-text.js';
import type { DependencyError } from '../errors/job-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { NewRequest } from '../model/human-request.js';
import { checkAnswerSchema } from './answer-schemas.js';
import { checkQuestion } from './check-question.js';
import type { AskMemo } from './memo.js';
import { momentOf } from './moment-of.js';
import type { Run } from './run.js';

const QUESTION_CHARS = 4_000;

/** What a run asks people. */
export class RunQuestions {
  constructor(private readonly run: Run) {}

  async ask<Answer extends Schema>(name: string, options: AskOptions<Answer>): Promise<Answered<SchemaOutput<Answer>>> {
    const { question, about = null, schema, deadline, onTimeout = 'decide', assignee = this.run.parts.spec.assignee } = options;
    const what = `ctx.ask(${inMessage(name)})`;
    checkQuestion(name, options, what);
    const known = await this.askPerson(name, {
      kind: 'question',
      question: cutText(question, QUESTION_CHARS),
      about,
      schema: schema ? jsonSchemaOf(schema, 'input', what) : null,
      deadline: deadline === undefined ? null : momentOf(deadline, this.run.jobTime(), what),
      onTimeout,
      assignee: assignee === null ? null : assignee.toWellFormed(),
    });
    if ('timedOut' in known) {
      if (known.timedOut === 'decide') return { timedOut: true, answer: null, by: null };
      throw new TaskloomError('HUMAN_TIMEOUT', `Nobody answered "${name}" in time.`, { details: { question: name } });
    }
    const checked = schema ? await validate(schema, known.answer) : { ok: true as const, value: known.answer };
    if (!checked.ok)
      throw new TaskloomError('INPUT_SCHEMA', `The answer to "${name}" does not fit its schema: ${describeIssues(checked.issues)}.`);
    return { timedOut: false, answer: checked.value as SchemaOutput<Answer>, by: known.by };
  }

  /** What became of the question; asks it, and ends the run, where nothing has yet. */
  private async askPerson(name: string, request: Omit<NewRequest, 'name' | 'hash'>): Promise<AskMemo> {
    this.run.requireCurrent();
    const known = await this.run.memo.ask(name);
    this.run.requireCurrent();
    if (known !== undefined && known !== 'open') return known;
    const { question, about, schema } = request;
    if (known === undefined && schema !== null) await this.checkedSchema(name, schema);
    const full: NewRequest = { ...request, name, hash: hashJson({ question, about, schema }) };
    return this.run.gatherer.wait({ key: `ask:${name}`, ...(known === 'open' ? undefined : { request: full }) });
  }

  /** What is asked for together with this waits for a check that takes its time. */
  private checkedSchema(name: string, schema: JsonObject): Promise<void> | null {
    const pending = checkAnswerSchema(schema, `ctx.ask(${inMessage(name)})`);
    return pending && this.run.gatherer.during(() => pending);
  }

  /** Whether a person lets a task be added without the dependencies that close a circle. */
  async mayDrop(key: string, { cycle, message }: DependencyError): Promise<boolean> {
    const name = `dependency-conflict ${key}`;
    const schema: JsonObject = { type: 'object', properties: { decision: { enum: ['drop', 'fail'] } }, required: ['decision'] };
    const known = await this.askPerson(name, {
      kind: 'conflict',
      question: `"${this.run.grant.key}" wants to add "${key}", but ${message} Add it without the dependency (drop), or fail?`,
      about: { cycle: [...cycle] },
      schema,
      deadline: null,
      onTimeout: 'decide',
      assignee: this.run.parts.spec.assignee,
    });
    return 'answer' in known && (known.answer as { decision?: Json } | null)?.decision === 'drop';
  }
}
