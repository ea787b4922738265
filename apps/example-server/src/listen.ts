import type { INestApplication } from '@nestjs/common';
import { systemErrorCode } from './repository-report/report-error.js';
import { HOST, portError } from './run/choose-port.js';

/** Listens on 127.0.0.1 and returns the address. @throws UsageError when somebody has taken the port meanwhile */
export async function listen(app: INestApplication, port: number): Promise<string> {
  try {
    await app.listen(port, HOST);
    return await app.getUrl();
  } catch (error) {
    const code = systemErrorCode(error);
    throw code === 'EADDRINUSE' || code === 'EACCES' ? portError(port, code) : error;
  }
}
