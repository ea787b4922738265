import type { StoredError } from '../errors/serialize-error.js';
import { misshapenParts } from '../graph/misshapen.js';
import { byteLength, type Json } from '../kernel/json.js';
import { mapTexts } from '../kernel/map-texts.js';
import type { AddTasks, Command, NewTask, Submit } from '../model/command.js';
import type { JsonText } from '../model/event.js';
import type { NewRequest } from '../model/human-request.js';
import type { InputSubmission, TaskSubmission } from '../model/submission.js';
import type { InputTemplate, MapTemplate, TaskSpec } from '../model/task.js';
import type { JobCreation } from '../ports/store.js';

/** Gives what is stored in the place of a text: the text as it is, or a changed copy. Where it throws, nothing of the text is stored. */
export type RedactText = (text: string) => string;

const HIDDEN = '(not shown)';

/**
 * Changes every text that people and agents say before it is decided on and stored: values, messages, reasons, descriptions.
 * What things are found again by stays as it is: keys, names of agents and topics, names in a memo, idempotency keys, tenants.
 */
export class TextRedactor {
  constructor(private readonly redact: RedactText) {}

  text(text: string): string {
    try {
      const changed: unknown = this.redact(text);
      return typeof changed === 'string' ? changed : HIDDEN;
    } catch {
      return HIDDEN;
    }
  }

  json<Value extends Json>(value: Value): Value {
    return mapTexts(value, (text) => this.text(text));
  }

  /** A value that is JSON as a text. */
  jsonText(json: string): string {
    return this.text(json) === json ? json : JSON.stringify(this.json(JSON.parse(json) as Json));
  }

  creation({ spec, idempotency }: JobCreation): JobCreation {
    const { name, input, metadata, carried } = spec;
    return {
      idempotency,
      spec: {
        ...spec,
        name: this.text(name),
        input: this.json(input),
        metadata: metadata && this.json(metadata),
        carried: carried && this.json(carried),
      },
    };
  }

  submit(command: Submit): Submit {
    return { ...command, specs: command.specs.map((spec) => this.spec(spec)) };
  }

  command(command: Command): Command {
    switch (command.kind) {
      case 'submit':
        return this.submit(command);
      case 'add-tasks':
        // What is refused is not stored, and may be of any kind.
        if (isRefused(command)) return command;
        return { ...command, tasks: command.tasks.map((task) => this.submission(task)), reason: this.optional(command.reason) };
      case 'suspend': {
        const { requests } = command;
        return {
          ...command,
          tasks: command.tasks.map((task) => this.newTask(task)),
          ...(requests && { requests: requests.map((request) => this.request(request)) }),
        };
      }
      case 'spawn':
        return { ...command, tasks: command.tasks.map((task) => this.newTask(task)) };
      case 'publish':
        return { ...command, message: this.json(command.message), value: this.stored(command.value) };
      case 'record-step':
        return { ...command, value: this.stored(command.value) };
      case 'complete': {
        const { output, value, verdict } = command;
        return {
          ...command,
          output: typeof output === 'object' && output !== null ? this.stored(output) : output,
          summary: this.optional(command.summary),
          value: value === undefined ? value : this.json(value),
          ...(verdict && { verdict: { ...verdict, feedback: this.optional(verdict.feedback) } }),
        };
      }
      case 'fail':
      case 'report-overdue':
        return { ...command, error: this.error(command.error) };
      case 'skip':
      case 'park':
        return { ...command, message: this.text(command.message) };
      case 'report-progress':
        return { ...command, message: this.optional(command.message) };
      case 'report-stream':
        return { ...command, text: this.text(command.text) };
      case 'resume-task': {
        const { output, value } = command;
        return {
          ...command,
          reason: this.optional(command.reason),
          output: output && this.stored(output),
          value: value === undefined ? value : this.json(value),
        };
      }
      case 'answer':
        return { ...command, answer: this.stored(command.answer), value: this.json(command.value), reason: this.optional(command.reason) };
      case 'hold':
      case 'lift-hold':
      case 'skip-task':
      case 'cancel-task':
      case 'accept-task':
      case 'reject-task':
      case 'cancel':
      case 'reopen':
      case 'confirm':
      case 'add-dependency':
        return { ...command, reason: this.optional(command.reason) };
      case 'claim':
      case 'hand-back':
      case 'release':
      case 'recover':
      case 'tick':
        return command;
    }
  }

  private optional(text: string | null | undefined): string | null {
    return text === null || text === undefined ? null : this.text(text);
  }

  private stored(value: JsonText): JsonText {
    const json = this.jsonText(value.json);
    return json === value.json ? value : { json, bytes: byteLength(json) };
  }

  private error(error: StoredError): StoredError {
    const { message, details, causes } = error;
    return {
      ...error,
      message: this.text(message),
      ...(details && { details: this.json(details) }),
      ...(causes && { causes: causes.map((cause) => this.text(cause)) }),
    };
  }

  private newTask(task: NewTask): NewTask {
    return { ...task, spec: this.spec(task.spec) };
  }

  private spec<Spec extends Omit<TaskSpec, 'no' | 'key' | 'parent' | 'dependencies'>>(spec: Spec): Spec {
    const { map, condition, recovery, metadata } = spec;
    return {
      ...spec,
      name: this.text(spec.name),
      description: this.optional(spec.description),
      kind: this.optional(spec.kind),
      assignee: this.optional(spec.assignee),
      acceptanceCriteria: this.optional(spec.acceptanceCriteria),
      input: this.input(spec.input),
      map: map && this.map(map),
      condition: condition && this.withoutValue(condition),
      recovery: recovery?.kind === 'use-value' ? { ...recovery, value: this.json(recovery.value) } : recovery,
      metadata: metadata && this.json(metadata),
    };
  }

  private submission(task: TaskSubmission): TaskSubmission {
    const { name, description, kind, assignee, acceptanceCriteria, input, refs, when, map, useValue, metadata } = task;
    return {
      ...task,
      ...(typeof name === 'string' && { name: this.text(name) }),
      ...(typeof description === 'string' && { description: this.text(description) }),
      ...(typeof kind === 'string' && { kind: this.text(kind) }),
      ...(typeof assignee === 'string' && { assignee: this.text(assignee) }),
      ...(typeof acceptanceCriteria === 'string' && { acceptanceCriteria: this.text(acceptanceCriteria) }),
      ...(input !== undefined && { input: this.json(input) }),
      ...(refs && { refs: refs.map((ref) => this.withoutValue(ref)) }),
      ...(when && { when: this.withoutValue(when) }),
      ...(map && { map: this.map(map) }),
      ...(useValue !== undefined && { useValue: this.json(useValue) }),
      ...(metadata && { metadata: this.json(metadata) }),
    };
  }

  private map<Map extends MapTemplate | NonNullable<TaskSubmission['map']>>(map: Map): Map {
    const { input, items, name } = map;
    return {
      ...map,
      input: this.input(input),
      items: items.map((item) => this.withoutValue(item)),
      ...(name !== undefined && { name: this.text(name) }),
    };
  }

  private input<Input extends InputTemplate | InputSubmission>(input: Input): Input {
    return { ...input, value: this.json(input.value), refs: input.refs.map((ref) => this.withoutValue(ref)) };
  }

  /** Of what stands in where there is no value. */
  private withoutValue<Hole extends { readonly or?: Json }>(hole: Hole): Hole {
    return hole.or === undefined ? hole : { ...hole, or: this.json(hole.or) };
  }

  private request(request: NewRequest): NewRequest {
    const { question, about, schema, assignee } = request;
    return {
      ...request,
      question: this.text(question),
      about: about && this.json(about),
      schema: schema && this.json(schema),
      assignee: this.optional(assignee),
    };
  }
}

function isRefused({ tasks, problems = [] }: AddTasks): boolean {
  return problems.length > 0 || tasks.some((task) => misshapenParts(task).length > 0);
}
