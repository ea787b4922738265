import { randomBytes } from 'node:crypto';

import { uuidv7 } from 'uuidv7';

/** A new job id. Time-ordered (UUID version 7, RFC 9562), so that rows inserted together lie together. */
export function newJobId(): string {
  return uuidv7();
}

/** A new id of an engine: 12 of `A–Z a–z 0-9 _ -`. Short, since every event that is shown names one. */
export function newEngineId(): string {
  return randomBytes(9).toString('base64url');
}

const PROCESS_TOKEN = randomBytes(9).toString('base64url');
let writes = 0;

/** A token that tells this write from every other, of this process or of any. */
export function newWriteToken(): string {
  writes += 1;
  return `${PROCESS_TOKEN}.${writes}`;
}

/** The public id of a task: its job's id and its number in that job. */
export function taskIdOf(jobId: string, no: number): string {
  return `${jobId}:${no}`;
}

/** The parts of a task id, or `null` when the text is not one. */
export function parseTaskId(taskId: unknown): { jobId: string; no: number } | null {
  const match = typeof taskId === 'string' ? /^(.+):(0|[1-9]\d{0,8})$/.exec(taskId) : null;
  return match ? { jobId: match[1]!, no: Number(match[2]) } : null;
}

/** The public id of a question to a person: its job's id and its number there. */
export function requestIdOf(jobId: string, request: number): string {
  return `${jobId}:q${request}`;
}

/** The parts of a request id, or `null` when the text is not one. */
export function parseRequestId(requestId: unknown): { jobId: string; request: number } | null {
  const match = typeof requestId === 'string' ? /^(.+):q([1-9]\d{0,8})$/.exec(requestId) : null;
  return match ? { jobId: match[1]!, request: Number(match[2]) } : null;
}

const NAME = /^[A-Za-z0-9._:-]{1,200}$/;
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a text may name a job, a task key, an agent or a workflow: 1–200 of `A–Z a–z 0–9 . _ : -`, no prototype name. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text) && !PROTOTYPE_NAMES.has(text);
}

export const NAME_RULE = '1 to 200 of the characters A-Z a-z 0-9 . _ : - and not "__proto__", "constructor" or "prototype"';
