import { createServer } from 'node:net';
import { UsageError, type Arguments } from '../cli/parse-arguments.js';

export const HOST = '127.0.0.1';
const DEFAULT_PORT = 4000;

/**
 * The port to listen on; 0 lets the system choose. Tried before anything is loaded or made, so that a port that is taken is told at once.
 *
 * @throws UsageError when the port is taken or may not be used
 */
export async function choosePort({ port, once }: Pick<Arguments, 'port' | 'once'>): Promise<number> {
  const wanted = port ?? (once ? 0 : DEFAULT_PORT);
  const problem = await tryPort(wanted);
  if (problem !== undefined) throw portError(wanted, problem);
  return wanted;
}

/** What a person can do about a port that cannot be listened on; `code` is the system's. */
export function portError(port: number, code: string | undefined): Error {
  if (code === 'EADDRINUSE') return new UsageError(`Port ${port} is taken. Give another with --port, or --port 0 for any.`);
  if (code === 'EACCES')
    return new UsageError(`This user may not listen on port ${port}. Give one from 1024 on with --port, or --port 0 for any.`);
  return new Error(`It is not possible to listen on ${HOST}:${port} (${code ?? 'no reason given'}).`);
}

/** The system's code for why a port cannot be listened on now; undefined where it can. */
async function tryPort(port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'no code'));
    server.listen(port, HOST, () => server.close(() => resolve(undefined)));
  });
}
