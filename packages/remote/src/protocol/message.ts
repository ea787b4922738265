/** The version of the protocol that this package speaks; docs/guides/remote-agents.md describes it. */
export const PROTOCOL_VERSION = '1';

export const MESSAGE_KINDS = ['call', 'cancel', 'answer'] as const;
/** `call` and `cancel` go to the remote agent, `answer` comes back from it. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Which attempt of which task a message belongs to. */
export interface CallIdentity {
  readonly agent: string;
  readonly job: string;
  readonly task: string;
  /** Random, of one attempt alone: whoever does not have it, or has an older one, changes nothing. */
  readonly fence: string;
  /** The same for every attempt of a task's generation. */
  readonly idempotencyKey: string;
}

/** Everything of a message that its signature covers, but for the body. */
export interface MessageHead extends CallIdentity {
  readonly kind: MessageKind;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly nonce: string;
}

export const HEADERS = {
  version: 'taskloom-protocol',
  kind: 'taskloom-message',
  agent: 'taskloom-agent',
  job: 'taskloom-job',
  task: 'taskloom-task',
  fence: 'taskloom-fence',
  timestamp: 'taskloom-timestamp',
  nonce: 'taskloom-nonce',
  signature: 'taskloom-signature',
  idempotencyKey: 'idempotency-key',
} as const;

const NAME = /^[A-Za-z0-9._:-]{1,300}$/;
const RANDOM = /^[A-Za-z0-9_-]{16,64}$/;
const SECONDS = /^\d{1,12}$/;

/** The head that a message's headers tell, or the name of the header that is missing or malformed. */
export function readHead(header: (name: string) => string | undefined): { readonly head: MessageHead } | { readonly wrong: string } {
  const wrong = (
    [
      ['agent', NAME],
      ['job', NAME],
      ['task', NAME],
      ['fence', RANDOM],
      ['idempotencyKey', NAME],
      ['timestamp', SECONDS],
      ['nonce', RANDOM],
    ] as const
  ).find(([part, form]) => !form.test(header(HEADERS[part]) ?? ''));
  if (wrong) return { wrong: HEADERS[wrong[0]] };
  const kind = MESSAGE_KINDS.find((known) => known === header(HEADERS.kind));
  if (!kind) return { wrong: HEADERS.kind };
  const text = (part: Exclude<keyof typeof HEADERS, 'kind'>): string => header(HEADERS[part])!;
  return {
    head: {
      kind,
      agent: text('agent'),
      job: text('job'),
      task: text('task'),
      fence: text('fence'),
      idempotencyKey: text('idempotencyKey'),
      nonce: text('nonce'),
      timestamp: Number(text('timestamp')),
    },
  };
}
