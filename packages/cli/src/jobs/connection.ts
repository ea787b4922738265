import { ApiResponseError, ConnectionError, TaskloomClient, type TaskloomClientOptions } from '@taskloom/client';

import { findConfig, loadConfig } from '../config/load-config.js';
import type { ExitCode, Terminal } from '../terminal/terminal.js';
import { apiUrl } from './api-url.js';
import { apiFailure } from './api-failure.js';
import type { ConnectionArguments } from './connection-arguments.js';
import { requestHeaders } from './request-headers.js';

/** Does something with a client of the API that was asked for. @throws CliError for whatever goes wrong on the way */
export async function withClient(
  given: ConnectionArguments,
  terminal: Terminal,
  act: (client: TaskloomClient) => Promise<ExitCode>,
  live: Pick<TaskloomClientOptions, 'onRetry' | 'retryAttempts'> = {},
): Promise<ExitCode> {
  const url = await addressFor(given, terminal);
  // Over Server-Sent Events headers travel as they do with requests, so that one way of authorization serves both.
  const client = new TaskloomClient({ url, headers: requestHeaders(given, terminal.env), transport: 'sse', ...live });
  try {
    return await act(client);
  } catch (error) {
    if (error instanceof ApiResponseError || error instanceof ConnectionError) throw apiFailure(error, url);
    throw error;
  } finally {
    await client.dispose();
  }
}

/** `--url`, TASKLOOM_URL, the configuration, or an application on this machine. */
async function addressFor({ url, config: asked }: ConnectionArguments, { env, directory }: Terminal): Promise<string> {
  if (url !== undefined) return apiUrl(url, '--url');
  const { TASKLOOM_URL: fromEnvironment } = env;
  if (fromEnvironment !== undefined && fromEnvironment !== '') return apiUrl(fromEnvironment, 'TASKLOOM_URL');
  const path = findConfig(directory, asked);
  const { config } = await loadConfig(path, directory);
  if (config.url !== undefined) return apiUrl(config.url, `\`url\` in ${path ?? 'the configuration'}`);
  return apiUrl(`127.0.0.1:${config.port ?? DEFAULT_PORT}`, '`port`');
}

const DEFAULT_PORT = 3000;
