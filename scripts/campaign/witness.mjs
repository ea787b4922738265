import { openSync, readFileSync, writeSync } from 'node:fs';

/**
 * One line of the witness ledger: something that a process did or was told, in the order in which it happened.
 *
 * @typedef {object} Line
 * @property {string} what
 * @property {string} job its id, or the key it is submitted with where there is no id yet
 * @property {string} task its key
 * @property {string} more
 * @property {string} pid of the process
 */

/** Ends a whole line. */
const END = ';';

/**
 * Opens the ledger for a worker. Each note is one short write to a file opened with O_APPEND, so that none is lost when the process
 * is killed, but for the one that it was killed in: Linux ends a write between two pages. So a note begins a line of its own, and
 * bears a mark at its end.
 *
 * @param {string} path
 * @returns {(what: string, job?: string, task?: string, more?: string | number) => void}
 */
export function openWitness(path) {
  const file = openSync(path, 'a');
  return (what, job = '', task = '', more = '') => {
    writeSync(file, `\n${what}\t${job}\t${task}\t${more}\t${process.pid}${END}`);
  };
}

/** The whole lines. @param {string} path @returns {Line[]} none where no process has noted anything */
export function readWitness(path) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line.endsWith(END))
    .map((line) => {
      const [what, job, task, more, pid] = line.slice(0, -END.length).split('\t');
      return { what, job, task, more, pid };
    });
}
