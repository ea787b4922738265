import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../../src/repository-report/report.js';
import { reportWithoutEngine } from '../../src/repository-report/testing/report-without-engine.js';
import { ThrowAwayDirectory } from '../../src/repository-report/testing/throw-away-repository.js';
import { reportFilesIn } from '../../src/repository-report/write-report.js';
import { closeSockets } from './graphql.js';
import { HeldGit } from './held-git.js';
import { endServers, Server, type Ending, type ServerOptions } from './server.js';

/** Where a test puts repositories and lets servers stand; gone afterwards, with all that ran there. */
export class Workplace {
  private top!: ThrowAwayDirectory;
  private readonly held: HeldGit[] = [];

  open(): void {
    this.top = new ThrowAwayDirectory();
    mkdirSync(this.cwd);
  }

  async close(): Promise<void> {
    await closeSockets();
    await endServers();
    for (const git of this.held.splice(0)) git.dispose();
    this.top.remove();
  }

  /** Where servers stand unless told otherwise. */
  get cwd(): string {
    return this.top.path('where the server stands');
  }

  /** Where reports go unless told otherwise. */
  get outDir(): string {
    return this.top.path('out');
  }

  path(...parts: readonly string[]): string {
    return this.top.path(...parts);
  }

  directory(name: string): ThrowAwayDirectory {
    mkdirSync(this.top.path(name), { recursive: true });
    return new ThrowAwayDirectory(this.top.path(name));
  }

  repository(name = 'repository'): ThrowAwayDirectory {
    return this.directory(name).init();
  }

  /** Holds one of git's commands in a directory until the test opens the gate. */
  holdGit(root: string, command: string): HeldGit {
    const git = new HeldGit(this.top.path(`held git ${this.held.length}`), { root, command });
    this.held.push(git);
    return git;
  }

  start(args: readonly string[], options: Partial<ServerOptions> = {}): Server {
    return Server.start(args, { cwd: this.cwd, ...options });
  }

  async run(args: readonly string[], options: Partial<ServerOptions> = {}): Promise<Ending> {
    return this.start(args, options).ended;
  }
}

/** A workplace for each test around. */
export function useWorkplace(): Workplace {
  const place = new Workplace();
  beforeEach(() => place.open());
  afterEach(async () => place.close());
  return place;
}

/** One workplace for all tests around, which look at what happened there. */
export function useSharedWorkplace(): Workplace {
  const place = new Workplace();
  beforeAll(() => place.open());
  afterAll(async () => place.close());
  return place;
}

/** The report.json in a directory, which must fit its schema and say nothing beside it. */
export function readReport(outDir: string): Report {
  return Report.strict().parse(JSON.parse(readFileSync(join(outDir, 'report.json'), 'utf8')));
}

/** The same report made by the bare functions, one after the other, with no engine in between. */
export async function reportByHand(report: Report, outDir: string): Promise<Report> {
  const { root, since, generatedAt } = report.repository;
  return reportWithoutEngine(root, {
    since,
    leaveOut: Object.values(reportFilesIn(outDir)) as string[],
    generatedAt: new Date(generatedAt),
  });
}
