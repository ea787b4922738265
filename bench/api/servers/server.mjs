import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, with a folder of its own. `name`: a file beside this one. */
export async function startServer(name) {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-bench-api-'));
  const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const child = fork(program, [join(folder, 'taskloom.db')], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
  });
  const waiting = new Map();
  let asked = 0;
  const { port } = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the ${name} server ended with exit code ${code}`)));
  });
  child.on('message', ({ no, answer, error }) => {
    const { resolve, reject } = waiting.get(no);
    waiting.delete(no);
    if (error) reject(new Error(error));
    else resolve(answer);
  });
  return {
    name,
    url: `http://127.0.0.1:${port}/graphql`,
    socketUrl: `ws://127.0.0.1:${port}/graphql`,
    ask: (act, ...args) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        child.send({ no: asked, act, args });
      }),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
