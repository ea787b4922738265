import type { TaskView } from '@taskloom/core';
import type { ReportResult } from '../repository-report/report.js';
import type { ReportRun } from '../run/find-or-start.js';
import { coloursFor, type Colours } from './colours.js';
import { oneLine } from './one-line.js';
import { sizeOf } from './terminal-size.js';
import { wrapWords } from './wrap-words.js';

/** Wider lines are tiring to read. */
const TEXT_COLUMNS = 100;

/** Says in words what happens around the tree. */
export class Narrator {
  private readonly colours: Colours;

  constructor(
    private readonly output: NodeJS.WriteStream,
    private readonly errors: NodeJS.WriteStream,
  ) {
    this.colours = coloursFor(output);
  }

  address(url: string): void {
    const { bold, cyan } = this.colours;
    this.say(`${bold('GraphQL')}  ${cyan(`${url}/graphql`)}`);
  }

  start({ job, continued, others }: ReportRun): void {
    const { dim, yellow } = this.colours;
    if (continued) {
      const { finishedTasks: count } = continued;
      const kept = `${count} finished task${count === 1 ? ' is' : 's are'} kept and will not run again.`;
      this.paragraph(`Continuing the unfinished job ${job.id}: ${kept}`, yellow);
    } else {
      this.say(dim(`Job ${job.id}`));
    }
    for (const { id } of others) this.say(dim(`Also continuing the unfinished job ${id}.`));
    this.say('');
  }

  result({ summary, files }: ReportResult): void {
    const { bold } = this.colours;
    this.say(`\n${bold('Summary')}`);
    this.paragraph(oneLine(summary));
    this.say(`\n${bold('Report')}`);
    for (const path of [files.html, files.markdown, files.json]) this.say(`  ${shownPath(path)}`);
  }

  /** `failed`: the tasks that did. */
  failure(message: string, failed: readonly TaskView[]): void {
    const causes = failed
      .filter(({ statusReason }) => statusReason === 'ATTEMPTS_EXHAUSTED')
      .map(({ name, error }) => `  ${oneLine(name)}: ${oneLine(error?.message ?? 'failed')}\n`);
    const { red } = coloursFor(this.errors);
    this.errors.write(`\n${red('The report could not be made.')} ${oneLine(message)}\n${causes.join('')}`);
  }

  serving(): void {
    this.say(this.colours.dim('\nThe server keeps running; Ctrl-C stops it.'));
  }

  stopping(): void {
    this.paragraph('\nStopping. The same command continues the job where this one leaves it.', this.colours.yellow);
  }

  /** Broken between words in a terminal, one line elsewhere. */
  private paragraph(text: string, style: (text: string) => string = String): void {
    const lines = this.output.isTTY ? wrapWords(text, Math.min(TEXT_COLUMNS, sizeOf(this.output).columns)) : [text];
    for (const line of lines) this.say(style(line));
  }

  private say(text: string): void {
    this.output.write(`${text}\n`);
  }
}

/** As it is, to be copied; quoted where it would steer the terminal. */
function shownPath(path: string): string {
  return oneLine(path) === path.replace(/ +/g, ' ').trim() ? path : JSON.stringify(path);
}
