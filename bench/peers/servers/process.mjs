import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const PATIENCE_MS = 20_000;
const ASKED_EVERY_MS = 50;

/** A port that nobody listens on at this moment. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {string} name @returns {{ uid: number, gid: number }} */
export function userNumbers(name) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  if (!line) throw new Error(`There is no user "${name}" to run the server as.`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Asks until the server answers. @throws Error when it ends, or takes too long */
export async function untilReady(server, name, ask) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`${name} ended with ${server.exitCode} instead of starting.`);
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${name} does not answer: ${error.message}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
  }
}

/** @param {import('node:child_process').ChildProcess} server @param {NodeJS.Signals} signal */
export async function stopProcess(server, signal) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await ended;
}
