import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../setup/run.mjs';
import { linkPackages } from './link-packages.mjs';

const NPM_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline'];
const BINARIES = { taskloom: '@taskloom/cli/bin/taskloom.js', tsc: 'typescript/bin/tsc' };

/** A NestJS application in a folder of its own that knows nothing of this repository. */
export class OutsideApp {
  /**
   * @param {string} folder where it goes; nothing is there yet
   * @param {'registry' | 'linked'} install whether dependencies are installed, or linked from this repository
   */
  constructor(folder, install) {
    this.folder = folder;
    this.isLinked = install === 'linked';
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true });
  }

  /** Puts files over what is there. */
  take(files) {
    cpSync(join(import.meta.dirname, files), this.folder, { recursive: true });
  }

  /** Changes a file as a person would who knows what stands in it. */
  edit(path, before, after) {
    const file = join(this.folder, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(before)) throw new Error(`There is no ${before} in ${path}:\n${text}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replace(before, after));
  }

  /** Installs packed packages, and what the application needs besides. */
  install(packed, more) {
    if (this.isLinked) return linkPackages(this.folder, packed, more);
    return this.must('npm', 'install', ...NPM_OPTIONS, ...packed.map(({ archive }) => archive), ...more);
  }

  /** Runs the command that came with the packages. */
  taskloom(...args) {
    if (!this.isLinked) return this.must('npx', '--no-install', 'taskloom', ...args);
    return this.must(process.execPath, join(this.folder, 'node_modules', BINARIES.taskloom), ...args);
  }

  /** Builds with the Nest CLI, after the script that `taskloom init` puts before; linked, with the compiler alone. */
  build() {
    if (!this.isLinked) return this.must('npm', 'run', 'build');
    return this.must(process.execPath, join(this.folder, 'node_modules', BINARIES.tsc), '-p', 'tsconfig.build.json');
  }

  /** Runs a command and gives what it printed. @throws Error with that, when the command fails */
  async must(command, ...args) {
    const shell = process.platform === 'win32' && command !== process.execPath;
    const { ok, output } = await run(command, args, { cwd: this.folder, shell });
    if (!ok) throw new Error(`${command} ${args.join(' ')}\n${output}`);
    return output;
  }
}
