import type { INestApplication } from '@nestjs/common';
import { UsageError, type Arguments } from './cli/parse-arguments.js';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 4000;

/** Listens on 127.0.0.1 and returns the address. @throws UsageError when the port that was asked for is taken */
export async function listen(app: INestApplication, { port, once }: Arguments): Promise<string> {
  const wanted = port ?? DEFAULT_PORT;
  try {
    await app.listen(wanted, HOST);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EACCES')
      throw new UsageError(`This user may not listen on port ${wanted}. Give one from 1024 on, or 0 for any, with --port.`);
    if (code !== 'EADDRINUSE') throw error;
    if (port !== null || !once) throw new UsageError(`Port ${wanted} is taken. Give another with --port, or --port 0 for any.`);
    await app.listen(0, HOST);
  }
  return (await app.getUrl()).replace('[::1]', HOST);
}
