import { createServer } from 'node:net';

import { ok, warning, type CheckResult } from './check.js';

/** Whether an application could listen on a port of this machine. */
export function checkPort(port: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        warning(
          `Port ${port} cannot be listened on: ${error.code ?? error.message}.`,
          'Stop what has it, unless that is your application; or choose another port.',
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(ok(`Port ${port} is free`))));
  });
}
