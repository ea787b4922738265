import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

import type { StoreListener } from '../../ports/store.js';
import type { Connector } from './connect.js';
import { hear } from './notices.js';
import { storeError } from './postgres-errors.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Hears what other engines have written, on a connection of its own. Where that is lost it makes another, and says that
 * something may have been missed.
 */
export class Listener {
  private client: Client | null = null;
  private readonly over = new AbortController();
  private connecting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly connector: Connector,
    private readonly channels: readonly string[],
    private readonly listener: StoreListener,
  ) {}

  /** @throws TaskloomError `STORE_UNAVAILABLE` */
  static async open(connector: Connector, channels: readonly string[], listener: StoreListener): Promise<Listener> {
    const opened = new Listener(connector, channels, listener);
    try {
      await opened.connect();
    } catch (error) {
      throw storeError(error, 'be listened to');
    }
    return opened;
  }

  async close(): Promise<void> {
    this.over.abort();
    await this.client?.end().catch(() => undefined);
    await this.connecting;
  }

  private async connect(): Promise<void> {
    const { channels, connector, listener } = this;
    const client = connector.client();
    client.on('notification', ({ payload }) => hear(payload ?? '', connector.applicationName, listener));
    try {
      await client.connect();
      for (const channel of channels) await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    client.once('end', () => {
      this.client = null;
      if (!this.over.signal.aborted) this.connecting = this.reconnect();
    });
  }

  private async reconnect(): Promise<void> {
    const { signal } = this.over;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await pause(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.connect();
      } catch {
        continue;
      }
      if (signal.aborted) await this.client?.end().catch(() => undefined);
      else this.listener.missed();
      return;
    }
  }
}
