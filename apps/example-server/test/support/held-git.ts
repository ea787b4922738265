import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { linesOnceThereAre } from './file-watch.js';

/** More git processes than any test starts. */
const PASSES = 1_000;

/**
 * A `git` for the server's PATH that stops before certain commands in certain directories until the test lets it go on: so a
 * job stands still at a known place, however fast the machine is. Everything else is the real git.
 */
export class HeldGit {
  readonly env: Readonly<Record<string, string>>;
  private readonly gate: string;
  private readonly arrivals: string;
  private fd: number | null = null;

  /** `command` is held in `root` only; `*` holds every one. */
  constructor(folder: string, { root, command }: { readonly root: string; readonly command: string }) {
    mkdirSync(folder, { recursive: true });
    this.gate = join(folder, 'gate');
    this.arrivals = join(folder, 'arrivals');
    writeFileSync(this.arrivals, '');
    execFileSync('mkfifo', [this.gate]);
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh
case " $* " in
  ${command === '*' ? '*' : `*" ${command} "*`})
    if [ "$PWD" = ${quote(root)} ]; then
      echo "$$" >> ${quote(this.arrivals)}
      read -r pass < ${quote(this.gate)}
    fi ;;
esac
exec ${quote(real)} "$@"
`;
    writeFileSync(join(folder, 'git'), script);
    chmodSync(join(folder, 'git'), 0o755);
    this.env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  }

  /** Resolves when `times` commands have come to the gate, whether or not they have passed it, with their process ids. */
  async reached(times = 1): Promise<number[]> {
    return (await linesOnceThereAre(this.arrivals, (lines) => lines.length >= times)).map(Number);
  }

  /** Lets everything go on that waits or will come. */
  open(): void {
    if (this.fd !== null) return;
    // Opened for reading too, so that it does not wait for a reader; whoever comes reads one line.
    this.fd = openSync(this.gate, 'r+');
    writeSync(this.fd, '\n'.repeat(PASSES));
  }

  /** Lets go of processes that a killed server left at the gate. */
  dispose(): void {
    this.open();
    if (this.fd !== null) closeSync(this.fd);
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
