import { setTimeout as wait } from 'node:timers/promises';

import { isTaskloomError } from '@taskloom/core';
import type { Agent } from 'undici';

import { checkUrl } from '../http/egress-policy.js';
import { guardedAgent } from '../http/guarded-agent.js';
import { postMessage } from '../http/post-message.js';
import type { RemoteAnswer } from '../protocol/answer.js';
import type { CallIdentity } from '../protocol/message.js';
import { signMessage } from '../protocol/signature.js';
import type { ServeSettings } from './serve-options.js';

/** Who is called back, for which attempt. */
export interface CallbackAddress {
  readonly url: string;
  readonly identity: CallIdentity;
}

const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536;
const TOO_LARGE = 413;

/** Sends callbacks, again where they did not get through. */
export class CallbackSender {
  private readonly http: Agent;

  constructor(private readonly settings: ServeSettings) {
    const { policy, ca, resolve } = settings.egress;
    this.http = guardedAgent({ policy, ca, resolve, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  }

  /** Never rejects: an answer that does not get through is told when the call is repeated. */
  async send(address: CallbackAddress, answer: RemoteAnswer): Promise<void> {
    const { callbackAttempts, callbackDelayMs, logger, name } = this.settings;
    for (let attempt = 1; attempt <= callbackAttempts; attempt += 1) {
      const outcome = await this.sendOnce(address, answer);
      if (outcome === 'taken') return;
      const about = { agent: name, task: address.identity.task, attempt, outcome };
      if (outcome === 'too-large' && 'output' in answer) {
        logger.warn('A callback was too large for its receiver.', about);
        return this.send(address, { error: { message: 'The output is larger than the caller takes.', retryable: false } });
      }
      logger.warn('A callback was not taken.', about);
      if (outcome !== 'again') return;
      if (attempt < callbackAttempts) await wait(callbackDelayMs * 2 ** (attempt - 1), undefined, { ref: false });
    }
  }

  private async sendOnce({ url, identity }: CallbackAddress, answer: RemoteAnswer): Promise<'taken' | 'again' | 'refused' | 'too-large'> {
    const { keys, clock, name, egress, logger } = this.settings;
    try {
      const address = checkUrl(url, egress.policy, 'the callback');
      const body = Buffer.from(JSON.stringify(answer), 'utf8');
      const headers = signMessage('answer', identity, `${address.pathname}${address.search}`, body, keys[0]!, clock.now());
      const signal = new AbortController().signal;
      const what = `The caller of "${name}"`;
      const { status } = await postMessage({
        agent: this.http,
        url: address,
        headers,
        body,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        signal,
        what,
      });
      if (status < 300) return 'taken';
      if (status === TOO_LARGE) return 'too-large';
      return status >= 500 || status === 429 ? 'again' : 'refused';
    } catch (error) {
      logger.debug('A callback failed.', { agent: name, error: (error as Error).message });
      return isTaskloomError(error) && error.code === 'EGRESS_BLOCKED' ? 'refused' : 'again';
    }
  }
}
