interface ReplyCodeEntry {
  /** HTTP status of the reply. */
  readonly status: number;
  /** What whoever sent the message can do about it. */
  readonly remedy: string;
}

/** What an endpoint of this package (callbacks, a served agent) replies to a message it does not take; `code` of the body. */
export const REMOTE_REPLY_CODES = {
  MESSAGE_INVALID: { status: 400, remedy: 'Send what docs/guides/remote-agents.md describes; the message names the part that is wrong.' },
  VERSION_UNKNOWN: { status: 400, remedy: 'Send `taskloom-protocol: 1`.' },
  SIGNATURE_INVALID: { status: 401, remedy: 'Compare secrets and clocks, and sign the path of the address as it was given.' },
  AGENT_UNKNOWN: { status: 404, remedy: 'Call the address that serves this agent.' },
  METHOD_NOT_ALLOWED: { status: 405, remedy: 'Send a POST.' },
  MESSAGE_REPLAYED: { status: 409, remedy: 'Nothing if the message was sent twice; else make a new nonce for each message.' },
  CALL_CLOSED: { status: 409, remedy: 'Nothing: the attempt was answered, has ended or was superseded. Do not send it again.' },
  MESSAGE_TOO_LARGE: { status: 413, remedy: 'Send less, for example a reference to the data, or raise the limit.' },
  CONTENT_TYPE_REFUSED: { status: 415, remedy: 'Send `content-type: application/json` without a content encoding.' },
  INPUT_REFUSED: { status: 422, remedy: 'Send an input that fits the schema; the same idempotency key always brings the same input.' },
  INTERNAL: { status: 500, remedy: 'Read the log of the side that replied.' },
  BUSY: { status: 503, remedy: 'Send it again later.' },
} as const satisfies Record<string, ReplyCodeEntry>;

export type RemoteReplyCode = keyof typeof REMOTE_REPLY_CODES;

/** Ends the handling of a message with a reply. */
export class ReplyError extends Error {
  constructor(
    readonly code: RemoteReplyCode,
    message: string,
  ) {
    super(message);
    this.name = 'ReplyError';
  }
}
