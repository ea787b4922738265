import { writeFileSync } from 'node:fs';
import { linesOnceThereAre, readLines } from './file-watch.js';

/** One start of an agent, as the server noted it outside the database. */
export interface Start {
  readonly jobId: string;
  readonly key: string;
  readonly attempt: number;
  readonly reason: string;
}

/** The file in which a server notes every start of an agent (`--journal`): a witness that does not depend on the database. */
export class StartJournal {
  constructor(readonly path: string) {
    writeFileSync(path, '');
  }

  starts(): Start[] {
    return readLines(this.path).map(startOf);
  }

  /** Resolves once the starts, those before `from` left out, satisfy `enough`. */
  async reaches(from: number, enough: (starts: readonly Start[]) => boolean, signal?: AbortSignal): Promise<void> {
    await linesOnceThereAre(this.path, (lines) => enough(lines.slice(from).map(startOf)), signal);
  }
}

function startOf(line: string): Start {
  const [jobId = '', key = '', attempt = '', reason = ''] = line.split(' ');
  return { jobId, key, attempt: Number(attempt), reason };
}
